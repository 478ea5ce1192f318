import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { cancellationOf, type OwnWrite } from '../aws/transaction.ts';
import { EventIdReusedError, GivenUpError, PartlyWrittenError, TransactionCancelledError } from './errors.ts';
import { checkLimits } from './limits.ts';
import type { Outbox, WriteResult } from './outbox.ts';
import type { OutboxMessage } from './outbox-message.ts';
import { foundRowSchema, isSameEvent, type OutboxRow, toRow } from './outbox-row.ts';

export interface DynamoDbOutboxDeps {
  readonly table: string;
  readonly now: () => Date;
  /** Tries of a transaction that conflicts with another, the first included. */
  readonly maxAttempts: number;
  /** MUST end at the deadline. */
  readonly sleep: (milliseconds: number, deadline?: AbortSignal) => Promise<unknown>;
  /** At least 0, below 1. */
  readonly random: () => number;
}

/**
 * One row per message, put on condition that it is not there. That condition makes a repeat safe whenever it comes; the request token that the
 * SDK sends along spares its own repeats of a call the trouble (DynamoDB keeps tokens for ten minutes).
 */
export function createDynamoDbOutbox(client: DynamoDBDocumentClient, deps: DynamoDbOutboxDeps): Outbox {
  return {
    async write(messages, ownWrites = [], deadline) {
      const rowsOfMessages = toRows(messages, deps.now());
      const rows = [...new Set(rowsOfMessages)];
      checkLimits(rows, ownWrites);
      const before = new Set<OutboxRow>();
      let missing = rows;
      do {
        const actions = [...ownWrites, ...missing.map((row) => putOf(row, deps.table))];
        const reasons = await transact(client, actions, deps, deadline);
        if (reasons.length === 0) break;
        const found = foundIn(reasons.slice(ownWrites.length), missing, ownWrites.length > 0);
        if (found.length === 0 || (ownWrites.length > 0 && found.length < rows.length)) {
          return refusedFor(reasons.slice(0, ownWrites.length), found);
        }
        // Written together is there together: with all rows, so are the own writes, whatever their conditions say by now.
        for (const row of found) before.add(row);
        missing = rows.filter((row) => !before.has(row));
      } while (missing.length > 0);
      return {
        outcome: 'written',
        rows: rowsOfMessages.map((row, at) =>
          before.has(row) || rowsOfMessages.indexOf(row) < at ? 'written-before' : 'written',
        ),
      };
    },
  };
}

/** The row of each message, behind the one in front of it in its aggregate. The same event twice is one row. */
function toRows(messages: readonly OutboxMessage[], now: Date): OutboxRow[] {
  const rows = new Map<string, OutboxRow>();
  const last = new Map<string, string>();
  return messages.map((message) => {
    const row = toRow(message, now, last.get(message.aggregate));
    const key = JSON.stringify([row.aggregate, row.event_id]);
    const earlier = rows.get(key);
    if (earlier && !isSameEvent(earlier, row)) throw new EventIdReusedError([row.event_id]);
    if (earlier) return earlier;
    rows.set(key, row);
    last.set(row.aggregate, row.event_id);
    return row;
  });
}

function putOf(Item: OutboxRow, TableName: string): OwnWrite {
  const ConditionExpression = 'attribute_not_exists(event_id)';
  return { Put: { TableName, Item, ConditionExpression, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } };
}

/**
 * Nothing when it is written; one reason per action when a condition fails. Conflicts and throttles are tried again. Any other error passes: it is not
 * known then what is written.
 */
async function transact(
  client: DynamoDBDocumentClient,
  actions: OwnWrite[],
  { maxAttempts, sleep, random }: DynamoDbOutboxDeps,
  deadline: AbortSignal | undefined,
): Promise<readonly CancellationReason[]> {
  for (let attempt = 1; ; attempt++) {
    const cancelled = await cancellationOf(
      client.send(new TransactWriteCommand({ TransactItems: actions }), { abortSignal: deadline }),
    );
    const reasons = cancelled?.CancellationReasons ?? [];
    if (!cancelled || reasons.some(isFailedCondition)) return reasons;
    if (attempt < maxAttempts) await sleep(random() * 50 * 2 ** attempt, deadline);
    if (attempt >= maxAttempts || deadline?.aborted) {
      throw new TransactionCancelledError(
        reasons.map(({ Code }) => Code ?? 'None'),
        cancelled,
      );
    }
  }
}

/**
 * The rows that are there already. Throws an `EventIdReusedError` when one of them is another event's, a `GivenUpError` when it is delivered no
 * more; own writes were made with their rows, whatever became of these.
 */
function foundIn(
  reasons: readonly CancellationReason[],
  rows: readonly OutboxRow[],
  hasOwnWrites: boolean,
): OutboxRow[] {
  const found = rows.flatMap((row, at) => {
    const reason = reasons[at];
    return reason && isFailedCondition(reason) ? [{ row, stored: foundRowSchema.safeParse(itemOf(reason)).data }] : [];
  });
  const others = found.filter(({ row, stored }) => !stored || !isSameEvent(row, stored));
  if (others.length > 0) throw new EventIdReusedError(others.map(({ row }) => row.event_id));
  const givenUp = hasOwnWrites ? [] : found.filter(({ stored }) => stored?.exception_at !== undefined);
  if (givenUp.length > 0) throw new GivenUpError(givenUp.map(({ row }) => row.event_id));
  return found.map(({ row }) => row);
}

function refusedFor(reasons: readonly CancellationReason[], found: readonly OutboxRow[]): WriteResult {
  if (found.length > 0) throw new PartlyWrittenError(found.map(({ event_id }) => event_id));
  return { outcome: 'refused', reasons };
}

function isFailedCondition({ Code }: CancellationReason): boolean {
  return Code === 'ConditionalCheckFailed';
}

function itemOf({ Item }: CancellationReason): unknown {
  return Item && unmarshall(Item);
}
