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
  const index = { TableName, IndexName: agendaIndexName };

  async function dueIn(agenda: string, until: Date, most: number): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    const query = {
      ...index,
      KeyConditionExpression: 'agenda = :agenda AND agenda_at <= :until',
      ExpressionAttributeValues: { ':agenda': agenda, ':until': until.toISOString() },
    };
    for await (const { Items = [] } of paginateQuery({ client, pageSize: most }, query)) {
      found.push(...Items);
      if (found.length >= most) break;
    }
    return found.slice(0, most);
  }

  return {
    async due(topic, until, mostPerPartition) {
      const found = partitionsOf(topic).map((partition) => dueIn(partition, until, mostPerPartition));
      const all = (await Promise.all(found)).flat();
      return all.sort((one, other) => (String(one['agenda_at']) < String(other['agenda_at']) ? -1 : 1));
    },
    async *all(topic) {
      for (const partition of partitionsOf(topic)) {
        const query = {
          ...index,
          KeyConditionExpression: 'agenda = :agenda',
          ExpressionAttributeValues: { ':agenda': partition },
        };
        for await (const { Items = [] } of paginateQuery({ client }, query)) yield* Items;
      }
    },
  };
}
