import { randomUUID } from 'node:crypto';
import { GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type OutboxRow, toRow } from '../../lambdas/shared/outbox/outbox-row.ts';
import type { RowKey } from '../../lambdas/shared/outbox/stored-row.ts';
import type { Deployment } from '../../local/deployment.ts';
import { eventually } from '../../local/eventually.ts';
import type { Message } from '../../rabbitmq/message.ts';
import { messagesWith } from './queue-contents.ts';

/** A row as an application writes it, whose body and aggregate nobody else has. */
export function outboxRow(
  changes: Partial<Message> & { aggregate?: string; after?: string; delayMs?: number } = {},
): OutboxRow {
  const id = randomUUID();
  const { aggregate = `test#${id}`, after, delayMs, ...ofMessage } = changes;
  const message: Message = {
    vhost: '/',
    exchange: 'orders',
    routingKeys: ['note.added'],
    properties: { message_id: id },
    headers: {},
    payload: JSON.stringify({ aggregate, id }),
    payloadEncoding: 'string',
    ...ofMessage,
  };
  return toRow({ aggregate, message, delayMs }, new Date(), after);
}

/** All of them in one transaction, in this order: a row that is there has the one it was written behind. */
export async function stored({ documents, outputs }: Deployment, ...rows: OutboxRow[]): Promise<void> {
  const puts = rows.map((Item) => ({ Put: { TableName: outputs.OutboxTable, Item } }));
  await documents.send(new TransactWriteCommand({ TransactItems: puts }));
}

/** A batch of the table's stream. */
export function streamEvent(...rows: OutboxRow[]) {
  return {
    Records: rows.map((row) => ({
      eventName: 'INSERT',
      dynamodb: { NewImage: marshall(row, { removeUndefinedValues: true }) },
    })),
  };
}

export async function readRow({ documents, outputs }: Deployment, { aggregate, event_id }: RowKey) {
  const { Item } = await documents.send(
    new GetCommand({ TableName: outputs.OutboxTable, Key: { aggregate, event_id }, ConsistentRead: true }),
  );
  return Item;
}

/** The row, once it is delivered or an exception. */
export function settledRow(deployment: Deployment, key: RowKey, withinMs = 20_000) {
  return eventually(
    () => readRow(deployment, key),
    (row) => row?.['relayed_at'] !== undefined || row?.['exception_at'] !== undefined,
    withinMs,
  );
}

export async function readException({ documents, outputs }: Deployment, eventId: string) {
  const { Items } = await documents.send(
    new QueryCommand({
      TableName: outputs.ExceptionsTable,
      KeyConditionExpression: 'event_id = :id AND begins_with(#source, :outbox)',
      ExpressionAttributeNames: { '#source': 'source' },
      ExpressionAttributeValues: { ':id': eventId, ':outbox': 'outbox' },
    }),
  );
  return Items?.[0];
}

/** Event ids of the queue's messages whose body holds the text, in the order the queue hands them out. */
export async function eventIdsWith(
  deployment: Deployment,
  queue: string,
  text: string,
  withinMs = 0,
): Promise<string[]> {
  const messages = await messagesWith(deployment, deployment.queueUrl(queue), text, withinMs);
  return messages.map(
    ({ MessageAttributes }) => JSON.parse(MessageAttributes?.['amqp']?.StringValue ?? '{}').properties.message_id,
  );
}
