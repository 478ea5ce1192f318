import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnEventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { wellFormedApp } from './well-formed-app.ts';

describe('partial batch responses', () => {
  it('are required of a mapping that reads SQS', () => {
    const { app, cfnMapping } = wellFormedApp();

    cfnMapping.functionResponseTypes = undefined;

    expect(violationsIn(app)).toEqual([
      {
        rule: 'Warren-BatchItemFailures',
        path: 'Stateless/OrdersConsumer/Mapping/Resource',
        problem: 'FunctionResponseTypes is not set, so one failed record fails its whole batch',
        fix: 'set FunctionResponseTypes to ["ReportBatchItemFailures"] (reportBatchItemFailures: true)',
      },
    ]);
  });

  it('are not required of a stream or a broker, even one with the name of a queue', () => {
    const { app, stateful, fn, cfnQueue } = wellFormedApp();
    cfnQueue.queueName = 'orders';
    const table = new Table(stateful, 'Outbox', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      stream: StreamViewType.NEW_IMAGE,
    });

    fn.addEventSourceMapping('ByReference', {
      eventSourceArn: table.tableStreamArn ?? '',
      startingPosition: StartingPosition.LATEST,
    });
    fn.addEventSourceMapping('ByLiteral', {
      eventSourceArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/orders',
      startingPosition: StartingPosition.LATEST,
    });

    fn.addEventSourceMapping('Broker', { eventSourceArn: 'arn:aws:mq:eu-west-1:111122223333:broker:orders:b-1' });

    expect(violationsIn(app)).toEqual([]);
  });

  it('are required of a mapping whose queue is a literal ARN of this app', () => {
    const { app, stateless, cfnQueue, cfnFunction } = wellFormedApp();
    cfnQueue.queueName = 'orders';

    new CfnEventSourceMapping(stateless, 'Literal', {
      eventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:orders',
      functionName: cfnFunction.ref,
    });

    expect(violationsIn(app)).toMatchObject([{ rule: 'Warren-BatchItemFailures', path: 'Stateless/Literal' }]);
  });
});
