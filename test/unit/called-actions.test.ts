import { calledActions } from '../support/called-actions.ts';
import { judgeCalls } from '../support/recorded-calls.ts';

const request = { userAgent: 'aws-sdk-js/3.1 api/sqs#3.1', target: '', method: 'POST', path: '/', body: '' };

describe('the IAM action of a request of the AWS SDK', () => {
  it.each([
    ['a JSON target', { target: 'AmazonSQS.ReceiveMessage' }, ['sqs:ReceiveMessage']],
    ['a batch, which IAM calls by its single form', { target: 'AmazonSQS.SendMessageBatch' }, ['sqs:SendMessage']],
    [
      'the parts of a transaction',
      {
        userAgent: 'api/dynamodb#3.1',
        target: 'DynamoDB_20120810.TransactWriteItems',
        body: '{"TransactItems":[{"Update":{"TableName":"t"}},{"Put":{"TableName":"t"}},{"Put":{"TableName":"t"}}]}',
      },
      ['dynamodb:UpdateItem', 'dynamodb:PutItem'],
    ],
    ['an Action in the body', { userAgent: 'api/sns#3.1', body: 'Action=Publish&Version=1' }, ['sns:Publish']],
    [
      'an operation in the path',
      { userAgent: 'api/cloudwatch#3.1', path: '/service/X/operation/GetMetricData' },
      ['cloudwatch:GetMetricData'],
    ],
    ['a method alone, in S3', { userAgent: 'api/s3#3.1', method: 'PUT', path: '/bucket/key' }, ['s3:PutObject']],
    [
      'a schedule, with the role that it is given',
      { userAgent: 'api/scheduler#3.1', path: '/schedules/name' },
      ['scheduler:CreateSchedule', 'iam:PassRole'],
    ],
    [
      'a path, in Lambda',
      { userAgent: 'api/lambda#3.1', method: 'PUT', path: '/2015-03-31/event-source-mappings/1f2e' },
      ['lambda:UpdateEventSourceMapping'],
    ],
    [
      'a path that lists, in Lambda',
      { userAgent: 'api/lambda#3.1', method: 'GET', path: '/2015-03-31/event-source-mappings?FunctionName=f' },
      ['lambda:ListEventSourceMappings'],
    ],
    [
      'an invocation',
      { userAgent: 'api/lambda#3.1', path: '/2015-03-31/functions/f/invocations' },
      ['lambda:InvokeFunction'],
    ],
    [
      'a client whose name has two words',
      { userAgent: 'api/secrets-manager#3.1', target: 'secretsmanager.GetSecretValue' },
      ['secretsmanager:GetSecretValue'],
    ],
  ])('is read from %s', (_where, given, actions) => {
    expect(calledActions({ ...request, ...given })).toEqual(actions);
  });

  it('is none where the request does not go to AWS', () => {
    expect(calledActions({ ...request, userAgent: 'curl' })).toEqual([]);
  });

  it('is nothing that IAM knows where the operation is unknown: it is granted nowhere, and seen', () => {
    expect(calledActions({ ...request, userAgent: 'api/s3#3.1', method: 'DELETE', path: '/b/k' })).toEqual([
      's3:DELETE /b/k',
    ]);
  });
});

describe('recorded calls', () => {
  const recorded = { orders: ['dynamodb:PutItem', 'sqs:SendMessage'], ledger: ['s3:PutObject'] };

  it('are refused where the function’s role does not allow them, and unseen where they are not on record', () => {
    const known = { orders: ['dynamodb:PutItem'] };
    const granted = new Map([['orders', ['dynamodb:PutItem', 'sqs:SendMessage']]]);

    expect(judgeCalls(recorded, { known, granted })).toEqual({
      refused: ['ledger: s3:PutObject'],
      unseen: ['orders: sqs:SendMessage', 'ledger: s3:PutObject'],
    });
  });
});
