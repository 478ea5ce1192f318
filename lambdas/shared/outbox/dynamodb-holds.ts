import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  paginateScan,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type BatchGetDeps, batchGet } from '../aws/batch-get.ts';
import { ifItHolds } from '../aws/if-it-holds.ts';
import type { Hold, HoldsForRelay, HoldsForSweep } from './holds.ts';

export interface DynamoDbHoldsDeps extends BatchGetDeps {
  readonly now: () => Date;
}

/** An item per held aggregate. Its list takes some ten thousand event ids (400 KB, DynamoDB, ServiceQuotas): one more is an error, and the stream waits. */
const holdSchema = z.object({
  aggregate: z.string(),
  since: z.iso.datetime().transform((text) => new Date(text)),
  waiting: z.array(z.string()),
  version: z.int(),
});

const append = 'waiting = list_append(if_not_exists(waiting, :none), :more), since = if_not_exists(since, :now)';
const isSeen = 'version = :seen';

export function createDynamoDbHolds(
  client: DynamoDBDocumentClient,
  deps: DynamoDbHoldsDeps,
): HoldsForRelay & HoldsForSweep {
  const { table: TableName } = deps;
  const now = (): string => deps.now().toISOString();
  const add = (aggregate: string, eventIds: readonly string[], ConditionExpression?: string): UpdateCommand =>
    new UpdateCommand({
      TableName,
      Key: { aggregate },
      UpdateExpression: `SET ${append} ADD version :one`,
      ConditionExpression,
      ExpressionAttributeValues: { ':none': [], ':more': eventIds, ':now': now(), ':one': 1 },
    });

  return {
    async hold(aggregate, eventIds) {
      await client.send(add(aggregate, eventIds));
    },
    waitBehind: (aggregate, eventIds) => ifItHolds(client.send(add(aggregate, eventIds, 'attribute_exists(version)'))),
    async heldOf(aggregates) {
      const items = await batchGet(
        client,
        aggregates.map((aggregate) => ({ aggregate })),
        deps,
      );
      return new Set(items.map((item) => holdSchema.parse(item).aggregate));
    },
    async begin(aggregate, waiting) {
      const Item = { aggregate, waiting, since: now(), version: 1 };
      const ConditionExpression = 'attribute_not_exists(version)';
      await ifItHolds(client.send(new PutCommand({ TableName, Item, ConditionExpression })));
    },
    async *all() {
      for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
        yield Items.map((item): Hold => holdSchema.parse(item));
      }
    },
    async settle({ aggregate, since, version }, waiting, progressed) {
      const condition = {
        TableName,
        Key: { aggregate },
        ConditionExpression: isSeen,
      };
      const command =
        waiting.length === 0
          ? new DeleteCommand({ ...condition, ExpressionAttributeValues: { ':seen': version } })
          : new UpdateCommand({
              ...condition,
              UpdateExpression: 'SET waiting = :waiting, since = :since ADD version :one',
              ExpressionAttributeValues: {
                ':seen': version,
                ':waiting': waiting,
                ':since': progressed ? now() : since.toISOString(),
                ':one': 1,
              },
            });
      await ifItHolds(client.send(command));
    },
  };
}
