import {
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { ifItHolds } from '../aws/if-it-holds.ts';
import type { Known } from './assignment.ts';
import { type ExchangeAddress, type PartitionStore, placeName } from './partition-store.ts';

const stepSchema = z.object({
  active: z.int(),
  declared: z.int(),
  switchAt: z.int(),
  isBack: z.literal(true).optional(),
  markedAt: z.int().optional(),
  drainedAt: z.int().optional(),
});

const assignmentSchema = z.object({ lines: z.array(z.string()), steps: z.array(stepSchema).min(1), revision: z.int() });

const drainedSchema = z.object({ version: z.int(), places: z.set(z.string()) });

const assignmentItem = 'assignment';

/** One item for the assignment of an exchange, and one for each partition that a step drains. */
export function createDynamoDbPartitionStore(client: DynamoDBDocumentClient, TableName: string): PartitionStore {
  async function items(exchange: ExchangeAddress): Promise<Record<string, unknown>[]> {
    const all: Record<string, unknown>[] = [];
    const query = {
      TableName,
      KeyConditionExpression: 'exchange = :exchange',
      ExpressionAttributeValues: { ':exchange': keyOf(exchange) },
      ConsistentRead: true,
    };
    for await (const { Items = [] } of paginateQuery({ client }, query)) all.push(...Items);
    return all;
  }

  const put = (exchange: ExchangeAddress, item: Record<string, unknown>, condition: object): Promise<boolean> =>
    ifItHolds(
      client.send(
        new PutCommand({ TableName, Item: { exchange: keyOf(exchange), item: assignmentItem, ...item }, ...condition }),
      ),
    );

  async function find(exchange: ExchangeAddress): Promise<Known | undefined> {
    const all = await items(exchange);
    const found = all.find(({ item }) => item === assignmentItem);
    if (!found) return undefined;
    const { revision, ...assignment } = assignmentSchema.parse(found);
    const drained = new Map<number, Set<string>>();
    for (const one of all.filter(({ item }) => item !== assignmentItem)) {
      const { version, places } = drainedSchema.parse(one);
      drained.set(version, new Set([...(drained.get(version) ?? []), ...places]));
    }
    return { assignment, revision, drained };
  }

  return {
    find,
    async read(exchange, first) {
      const found = await find(exchange);
      if (found) return found;
      await put(exchange, { ...first, revision: 1 }, { ConditionExpression: 'attribute_not_exists(exchange)' });
      const made = await find(exchange);
      if (!made) throw new Error(`the assignment of exchange '${exchange.name}' was deleted just now`);
      return made;
    },
    write: (exchange, assignment, revision) =>
      put(
        exchange,
        { ...assignment, revision: revision + 1 },
        { ConditionExpression: 'revision = :read', ExpressionAttributeValues: { ':read': revision } },
      ),
    async noteDrained(exchange, version, place) {
      await client.send(
        new UpdateCommand({
          TableName,
          Key: { exchange: keyOf(exchange), item: `drained ${version} ${place.queue}` },
          UpdateExpression: 'SET version = :version ADD places :places',
          ExpressionAttributeValues: { ':version': version, ':places': new Set([placeName(place)]) },
        }),
      );
    },
    async forget(exchange, version) {
      let left = (await items(exchange)).filter((one) => one['item'] !== assignmentItem && one['version'] === version);
      while (left.length > 0) {
        const some = left.slice(0, 25);
        const requests = some.map(({ item }) => ({ DeleteRequest: { Key: { exchange: keyOf(exchange), item } } }));
        await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
        left = left.slice(25);
      }
    },
  };
}

function keyOf({ vhost, name }: ExchangeAddress): string {
  return JSON.stringify([vhost, name]);
}
