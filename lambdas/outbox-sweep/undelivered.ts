import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { z } from 'zod';
import { pendingParts, undeliveredIndex } from '../shared/outbox/outbox-row.ts';
import type { RowKey } from '../shared/outbox/stored-row.ts';

/** Rows that nobody has delivered. */
export interface Undelivered {
  /** The oldest of those that were written before, as many as one run can deal with; those of one aggregate in the order of their times. */
  before(time: Date): Promise<RowKey[]>;
}

/** Of each part of the index, and in each run. */
const mostPerPart = 100;

const keySchema = z.object({ aggregate: z.string(), event_id: z.string() });

/** From the sparse index: it holds the keys of undelivered rows, and nothing else. It lags behind the table, by less than a second as a rule. */
export function createDynamoDbUndelivered(client: DynamoDBDocumentClient, table: string): Undelivered {
  const { name, partitionKey, sortKey } = undeliveredIndex;
  return {
    async before(time) {
      const parts = await pMap(
        pendingParts,
        async (part) => {
          const { Items = [] } = await client.send(
            new QueryCommand({
              TableName: table,
              IndexName: name,
              KeyConditionExpression: `${partitionKey} = :part AND ${sortKey} < :time`,
              ExpressionAttributeValues: { ':part': part, ':time': time.toISOString() },
              Limit: mostPerPart,
            }),
          );
          return Items.map((item) => keySchema.parse(item));
        },
        { concurrency: 4 },
      );
      return parts.flat();
    },
  };
}
