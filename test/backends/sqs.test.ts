import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from '../../local/aws-environment.ts';
import { brokerContract } from '../contracts/sqs/broker.ts';
import { recordLoopContract } from '../contracts/sqs/record-loop.ts';
import { senderContract } from '../contracts/sqs/sender.ts';
import { contractAccount, readBackEnds } from './back-ends.ts';
import { checkOn } from './known-differences.ts';

const { sqs: queues, dynamoDb: tables } = readBackEnds();

/** Each SQS with a DynamoDB of another maker, where there are two: the record loop needs both. */
const pairs = Object.entries(queues).map(([name, endpoint]) => {
  const [, tablesAt = ''] = Object.entries(tables).find(
    ([other]) => (other === 'ministack') === (name === 'ministack'),
  ) ??
    Object.entries(tables)[0] ?? [name];
  return [name, endpoint, tablesAt] as const;
});

describe.each(pairs)('on %s', (name, endpoint, tablesAt) => {
  const sqs = new SQSClient({ ...clientConfig(endpoint, contractAccount), useQueueUrlAsEndpoint: false });
  const dynamoDb = new DynamoDBClient(clientConfig(tablesAt, contractAccount));
  const check = checkOn(name);
  afterAll(() => {
    sqs.destroy();
    dynamoDb.destroy();
  });

  senderContract(sqs, check);
  brokerContract(sqs, check);
  recordLoopContract(sqs, dynamoDb, check);
});
