import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { createDynamoDbAgenda } from '../shared/agenda/dynamodb-agenda.ts';
import type { Due, DueItem } from './due.ts';

const itemSchema = z.looseObject({
  agenda_at: z.string(),
  created_at: z.string().optional(),
  asked: z.int().default(0),
});

/** `keys`: the names of the table's own. Of each partition of the index at most so many come in one run. */
export function createDynamoDbDue(
  client: DynamoDBDocumentClient,
  {
    table: TableName,
    topic,
    keys,
    mostPerPartition,
  }: {
    readonly table: string;
    readonly topic: string;
    readonly keys: readonly string[];
    readonly mostPerPartition: number;
  },
): Due {
  const agenda = createDynamoDbAgenda(client, TableName);
  return {
    async list(until) {
      const items = await agenda.due(topic, until, mostPerPartition);
      return items.map((item): DueItem => {
        const { agenda_at, created_at, asked } = itemSchema.parse(item);
        return { item, agenda_at, created_at, asked };
      });
    },
    async claim({ item, agenda_at, asked }, next) {
      const Key = Object.fromEntries(keys.map((name) => [name, item[name]]));
      try {
        await client.send(
          new UpdateCommand({
            TableName,
            Key,
            UpdateExpression: 'SET agenda_at = :next, asked = :asked',
            // Settled meanwhile it has none; claimed by another run it has another.
            ConditionExpression: 'agenda_at = :seen',
            ExpressionAttributeValues: { ':next': next.toISOString(), ':asked': asked + 1, ':seen': agenda_at },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
