import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { createClockDifference, leastDifference } from '../../../../bin/warren/partitions/clock-difference.ts';
import { documentClient } from '../../../../lambdas/shared/aws/clients.ts';

const date = 'Sat, 28 Nov 2026 12:00:10 GMT';
const second = Date.parse(date);

describe('the difference of two clocks', () => {
  it.each([
    ['none is sure within the second that was told', 500, 600, 0],
    ['none is sure as long as the answer may have taken the time', -3_000, 4_000, 0],
    ['this one is behind', -3_000, -2_000, 2_000],
    ['this one is ahead', 4_000, 4_100, 3_000],
  ])('is what is sure of it: %s', (_, asked, answered, difference) => {
    expect(leastDifference({ askedAt: second + asked, answeredAt: second + answered, date })).toBe(difference);
  });
});

describe('the clock of AWS', () => {
  const server = createServer((_, response) => {
    response.setHeader('Date', date);
    response.setHeader('Content-Type', 'application/x-amz-json-1.0');
    response.end('{"Count":0,"Items":[]}');
  });
  beforeAll(() => new Promise<void>((done) => server.listen(0, '127.0.0.1', done)));
  afterAll(() => new Promise((done) => server.close(done)));

  it('is read from its answer', async () => {
    const { port } = server.address() as AddressInfo;
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    });
    const query = { TableName: 'any', KeyConditionExpression: 'exchange = :exchange' };
    const ask = () => documentClient(client).send(new QueryCommand(query));

    const difference = await createClockDifference({ client, ask, now: () => new Date(second + 4_000) })();
    client.destroy();

    expect(difference).toBe(3_000);
  });
});
