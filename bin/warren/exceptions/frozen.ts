import pMap from 'p-map';
import { decodeMessage } from '../../../lambdas/shared/broker/envelope.ts';
import type { ExceptionRow, ListedException } from '../../../lambdas/shared/exceptions/exception-row.ts';
import type { ExceptionStore } from '../../../lambdas/shared/exceptions/exception-store.ts';
import { UsageError } from '../io.ts';
import { messages } from '../publish/count.ts';
import type { SelectedRow } from './selection-file.ts';

/** What to do with messages whose time to live is over: sent again as they are they would expire at once. */
export interface ExpiredChoice {
  /** They get their whole time again. */
  readonly freshTtl: boolean;
  /** They are left out. */
  readonly skipExpired: boolean;
}

/** Rows at a time: bounds sockets. */
const parallelRows = 16;

/** As they lay in their queues: first sent, first sent again, and of one message group by its own numbers. Throws a `UsageError` for expired ones without a choice. */
export async function frozen(
  rows: readonly ListedException[],
  store: Pick<ExceptionStore, 'get'>,
  { freshTtl, skipExpired }: ExpiredChoice,
  now: number,
): Promise<SelectedRow[]> {
  const found = await pMap(
    rows,
    async (listed) => {
      const row = await store.get(listed);
      return row ? [placed(listed, row, now)] : [];
    },
    { concurrency: parallelRows },
  );
  const all = found.flat();
  const expired = all.filter(({ isExpired }) => isExpired);
  if (expired.length > 0 && freshTtl === skipExpired) throw new UsageError(expiredText(expired.length, all.length));
  return inOrder(skipExpired ? all.filter(({ isExpired }) => !isExpired) : all).map(({ row }) => row);
}

interface Placed {
  readonly row: SelectedRow;
  /** ISO 8601. */
  readonly at: string;
  readonly sequence: string;
  readonly isExpired: boolean;
}

function placed({ version, state }: ListedException, row: ExceptionRow, now: number): Placed {
  const { event_id, source, place, message_group, sent_at, created_at, sequence_number = '' } = row;
  return {
    row: {
      event_id,
      source,
      version,
      state,
      ...(message_group !== undefined && { lane: `${place} ${message_group}` }),
    },
    at: sent_at ?? created_at,
    sequence: sequence_number,
    isExpired: row.reason === 'expired' || isOver(row, now),
  };
}

/** An envelope that lies in S3, or cannot be read, says nothing here. */
function isOver({ body, amqp, event_id }: ExceptionRow, now: number): boolean {
  if (body === undefined || amqp === undefined) return false;
  try {
    const { expiresAt = Number.POSITIVE_INFINITY } = decodeMessage(body, amqp, event_id);
    return expiresAt <= now;
  } catch {
    return false;
  }
}

/** By time; where times of one group say otherwise than its numbers, these do. */
function inOrder(rows: readonly Placed[]): Placed[] {
  const byTime = rows.toSorted((one, other) => compare(one.at, other.at));
  const lanes = Map.groupBy(byTime, ({ row }) => row.lane);
  const next = new Map([...lanes].map(([lane, own]) => [lane, own.toSorted(bySequence).values()]));
  return byTime.map((one) => (one.row.lane === undefined ? one : (next.get(one.row.lane)?.next().value ?? one)));
}

/** A number of up to 128 bits (SQS API reference, ReceiveMessage), which JavaScript has no number for. */
function bySequence({ sequence: one }: Placed, { sequence: other }: Placed): number {
  return one.length - other.length || compare(one, other);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function expiredText(expired: number, all: number): string {
  return `${messages(expired)} of ${all} ${expired === 1 ? 'has' : 'have'} expired, and would expire again at once; nothing was done. Say what is meant: --fresh-ttl gives them their whole time to live again, --skip-expired leaves them out`;
}
