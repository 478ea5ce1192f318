import type { OwnWrite } from '../aws/transaction.ts';
import { OutboxLimitError } from './errors.ts';
import { itemBytes } from './item-size.ts';
import { mostActions } from './most-actions.ts';
import type { OutboxRow } from './outbox-row.ts';

/** Of one TransactWriteItems (DynamoDB API reference, TransactWriteItems). */
export const mostTransactionBytes = 4 * 1024 * 1024;
/** Of one item (DynamoDB developer guide, ServiceQuotas), and of its keys. */
const mostItemBytes = 400 * 1024;
const mostPartitionKeyBytes = 2048;
const mostSortKeyBytes = 1024;

/** The relay notes in the row which queues it has not reached, and its exception keeps a copy: what fills a row to the brim would stand in its way. */
const roomForNotes = 16 * 1024;
export const mostRowBytes = mostItemBytes - roomForNotes;

/**
 * Throws an `OutboxLimitError` when DynamoDB could not take all of it. A caller's update, delete or check counts with what it names: the item it
 * finds is known to DynamoDB alone, which refuses the transaction as a whole if that makes it too large.
 */
export function checkLimits(rows: readonly OutboxRow[], ownWrites: readonly OwnWrite[]): void {
  const actions = rows.length + ownWrites.length;
  if (actions > mostActions) throw new OutboxLimitError('the transaction has', actions, mostActions, 'actions');
  for (const row of rows) checkRow(row);
  const bytes = [...rows.map(itemBytes), ...ownWrites.map(ownBytes)].reduce((total, one) => total + one, 0);
  if (bytes > mostTransactionBytes) {
    throw new OutboxLimitError('the transaction has', bytes, mostTransactionBytes, 'bytes');
  }
}

function checkRow(row: OutboxRow): void {
  const of = `of ${row.event_id.slice(0, 100)}`;
  const keys = [
    ['the aggregate', row.aggregate, mostPartitionKeyBytes],
    ['the event id', row.event_id, mostSortKeyBytes],
  ] as const;
  for (const [what, text, most] of keys) {
    const bytes = Buffer.byteLength(text);
    if (bytes > most) throw new OutboxLimitError(`${what} ${of} has`, bytes, most, 'bytes', row.event_id);
  }
  const bytes = itemBytes(row);
  if (bytes > mostRowBytes) {
    throw new OutboxLimitError(`the message ${of} has`, bytes, mostRowBytes, 'bytes in a row', row.event_id);
  }
}

function ownBytes({ Put, Update, Delete, ConditionCheck }: OwnWrite): number {
  if (Put) return itemBytes(Put.Item ?? {});
  const { Key = {}, ExpressionAttributeValues = {} } = Update ?? Delete ?? ConditionCheck ?? {};
  return itemBytes(Key) + itemBytes(ExpressionAttributeValues);
}
