import { isDeepStrictEqual } from 'node:util';
import {
  type CancellationReason,
  DynamoDBServiceException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type OrderEvent, orderEventSchema } from '../shared/orders/order-event.ts';
import type { EntryResult, LedgerStore } from './ledger-store.ts';

export interface DynamoDbLedgerStoreDeps {
  readonly table: string;
  readonly now: () => Date;
}

/**
 * The entries of a batch in one transaction. Those whose condition fails are known, and the others go into the next one; when DynamoDB refuses a
 * transaction without saying whose fault it is, each half of it is tried for itself.
 */
export function createDynamoDbLedgerStore(
  client: DynamoDBDocumentClient,
  { table, now }: DynamoDbLedgerStoreDeps,
): LedgerStore {
  async function upsertAll(events: readonly OrderEvent[]): Promise<readonly EntryResult[]> {
    if (events.length === 0) return [];
    try {
      await client.send(new TransactWriteCommand({ TransactItems: events.map(putOf) }));
      return events.map(() => ({ outcome: 'written' }));
    } catch (error) {
      if (error instanceof TransactionCanceledException) return withoutRefused(events, error);
      if (!isRefusal(error)) return events.map(() => ({ outcome: 'unwritten', cause: error }));
      if (events.length === 1) return [{ outcome: 'refused', reason: `DynamoDB says: ${error.message}` }];
      const half = Math.ceil(events.length / 2);
      return [...(await upsertAll(events.slice(0, half))), ...(await upsertAll(events.slice(half)))];
    }
  }

  /** One entry that is known, or that DynamoDB will not have, cancels all: the others are written without it. */
  async function withoutRefused(
    events: readonly OrderEvent[],
    cancelled: TransactionCanceledException,
  ): Promise<readonly EntryResult[]> {
    const decided = events.map((event, at) => resultOf(event, cancelled.CancellationReasons?.[at]));
    const left = events.filter((_, at) => decided[at] === undefined);
    // Conflicts and throttles alone: written again at once they would conflict again.
    if (left.length === events.length) return events.map(() => ({ outcome: 'unwritten', cause: cancelled }));
    const written = (await upsertAll(left)).values();
    return decided.map((result) => result ?? written.next().value ?? { outcome: 'unwritten', cause: cancelled });
  }

  function putOf(event: OrderEvent) {
    return {
      Put: {
        TableName: table,
        Item: { ...event, recorded_at: now().toISOString() },
        ConditionExpression: 'attribute_not_exists(out_trade_no) OR #version < :version',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':version': event.version },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    } as const;
  }

  return { upsertAll };
}

/** Undefined: it was not this one's fault. */
function resultOf(event: OrderEvent, { Code, Message, Item }: CancellationReason = {}): EntryResult | undefined {
  if (Code === 'ValidationError') return { outcome: 'refused', reason: `DynamoDB says: ${Message}` };
  if (Code !== 'ConditionalCheckFailed') return undefined;
  const entry = orderEventSchema.safeParse(Item && unmarshall(Item)).data;
  if (!entry) return { outcome: 'refused', reason: 'the ledger has an entry that cannot be read' };
  if (entry.version > event.version || isDeepStrictEqual(entry, event)) return { outcome: 'known' };
  return { outcome: 'refused', reason: `the ledger has other content under version ${event.version}` };
}

/** It would be refused again, however often it is tried. */
function isRefusal(error: unknown): error is DynamoDBServiceException {
  return error instanceof DynamoDBServiceException && error.name === 'ValidationException';
}
