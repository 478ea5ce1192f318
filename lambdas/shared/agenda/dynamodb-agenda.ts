import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { agendaIndexName, partitionsOf } from './agenda.ts';

/** Items of a table by what is still to be done about them. */
export interface Agenda {
  /** Those of the topic whose time has come, the longest waiting first, at most so many of each partition; as the index knows them. */
  due(topic: string, until: Date, mostPerPartition: number): Promise<Record<string, unknown>[]>;
  /** All of the topic, a page at a time. */
  all(topic: string): AsyncIterable<Record<string, unknown>>;
}

export function createDynamoDbAgenda(client: DynamoDBDocumentClient, TableName: string): Agenda {
  const query = (agenda: string) => ({
    TableName,
    IndexName: agendaIndexName,
    KeyConditionExpression: 'agenda = :agenda',
    ExpressionAttributeValues: { ':agenda': agenda },
  });
  return {
    async due(topic, until, mostPerPartition) {
      const perPartition = partitionsOf(topic).map(async (partition) => {
        const { KeyConditionExpression, ExpressionAttributeValues, ...rest } = query(partition);
        const found: Record<string, unknown>[] = [];
        const pages = paginateQuery(
          { client, pageSize: mostPerPartition },
          {
            ...rest,
            KeyConditionExpression: `${KeyConditionExpression} AND agenda_at <= :until`,
            ExpressionAttributeValues: { ...ExpressionAttributeValues, ':until': until.toISOString() },
          },
        );
        for await (const { Items = [] } of pages) {
          found.push(...Items);
          if (found.length >= mostPerPartition) break;
        }
        return found.slice(0, mostPerPartition);
      });
      const all = (await Promise.all(perPartition)).flat();
      return all.sort((one, other) => (String(one['agenda_at']) < String(other['agenda_at']) ? -1 : 1));
    },
    async *all(topic) {
      for (const partition of partitionsOf(topic)) {
        for await (const { Items = [] } of paginateQuery({ client }, query(partition))) yield* Items;
      }
    },
  };
}
