import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateScan,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { ifItHolds } from '../aws/if-it-holds.ts';
import { type Circuits, circuitRow } from './circuits.ts';

export function createDynamoDbCircuits(client: DynamoDBDocumentClient, TableName: string): Circuits {
  return {
    async get(source) {
      const { Item } = await client.send(new GetCommand({ TableName, Key: { source }, ConsistentRead: true }));
      return Item && circuitRow(Item);
    },
    // At most one for each consumer.
    async *all() {
      for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
        yield* Items.map(circuitRow);
      }
    },
    async open(row) {
      const isClosed = { ConditionExpression: 'attribute_not_exists(#source)', ExpressionAttributeNames: names };
      await ifItHolds(client.send(new PutCommand({ TableName, Item: row, ...isClosed })));
    },
    async stop({ source, opened_at }, at) {
      return await ifItHolds(
        client.send(
          new UpdateCommand({
            TableName,
            Key: { source },
            UpdateExpression: 'SET stopped_at = :at',
            ConditionExpression: 'opened_at = :opened_at',
            ExpressionAttributeValues: { ':at': at.toISOString(), ':opened_at': opened_at },
          }),
        ),
      );
    },
    async putOff({ source, opened_at, probe_at }, next) {
      return await ifItHolds(
        client.send(
          new UpdateCommand({
            TableName,
            Key: { source },
            UpdateExpression: 'SET probe_at = :next, probes = :probes',
            ConditionExpression: 'opened_at = :opened_at AND probe_at = :seen',
            ExpressionAttributeValues: {
              ':next': next.probe_at,
              ':probes': next.probes,
              ':opened_at': opened_at,
              ':seen': probe_at,
            },
          }),
        ),
      );
    },
    async close(source) {
      await client.send(new DeleteCommand({ TableName, Key: { source } }));
    },
  };
}

/** A reserved word of DynamoDB. */
const names = { '#source': 'source' };
