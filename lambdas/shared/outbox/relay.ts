import { createHash } from 'node:crypto';
import type { Publisher } from '../broker/broker.ts';
import type { Published } from '../broker/dispatch.ts';
import { envelopeAttribute } from '../broker/envelope.ts';
import type { Routed } from '../broker/outgoing.ts';
import type { QueueOutcome } from '../broker/report.ts';
import type { ExceptionReason, Exceptions } from '../exceptions/exceptions.ts';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import { RefusedRowError } from './relay-errors.ts';
import { type Delivery, deliveryOf } from './row-delivery.ts';
import { notesOf, type RowMarks, type StoredRow } from './stored-row.ts';

export interface RelayDeps {
  readonly publisher: Publisher;
  readonly marks: RowMarks;
  readonly exceptions: Pick<Exceptions, 'open'>;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

export interface RelayOptions {
  /**
   * What a queue refuses of an aggregate's first row becomes an exception, instead of being left for another try. The rows behind it were not tried
   * before, and have their own time. Default: no.
   */
  readonly giveUp?: boolean;
  /** What is not delivered then is left. Do not give up at a deadline: what was not sent in time looks refused. Default: none. */
  readonly deadline?: AbortSignal | undefined;
}

/**
 * Delivers rows, one list for each aggregate. Answers what is left of each list: from its first row on that queues did not store, which is to be tried
 * again before those behind it. A row that can never be delivered becomes an exception, and holds up nothing.
 */
export type Relay = (
  aggregates: readonly (readonly StoredRow[])[],
  options?: RelayOptions,
) => Promise<(readonly StoredRow[])[]>;

export function createRelay(deps: RelayDeps): Relay {
  return async (aggregates, { giveUp = false, deadline } = {}) => {
    const lists = aggregates.map((rows) => ({ rows, done: 0, isStuck: false, hasMoved: false }));
    for (;;) {
      // The first row of each aggregate, then the second of each, …
      const wave = lists.flatMap((list) => {
        const row = list.isStuck ? undefined : list.rows[list.done];
        return row ? [{ list, row }] : [];
      });
      if (wave.length === 0) break;
      const outcomes = await relayWave(
        deps,
        wave.map(({ row, list }) => ({ row, giveUp: giveUp && !list.hasMoved })),
        deadline,
      );
      for (const [at, { list }] of wave.entries()) {
        list.isStuck = outcomes[at] === 'left';
        if (!list.isStuck) list.done++;
        list.hasMoved ||= outcomes[at] !== 'done before';
      }
    }
    return lists.map(({ rows, done }) => rows.slice(done));
  };
}

type Outcome = 'relayed' | 'exception' | 'left' | 'done before';

async function relayWave(
  deps: RelayDeps,
  rows: readonly { readonly row: StoredRow; readonly giveUp: boolean }[],
  deadline: AbortSignal | undefined,
): Promise<Outcome[]> {
  const plans = rows.map((one) => ({ ...one, delivery: deliveryOf(one.row, deps.publisher, deps.now()) }));
  const parts = plans.flatMap(({ row, delivery }) =>
    delivery.step === 'deliver' ? delivery.parts.map((part) => ({ row, part })) : [],
  );
  const published =
    parts.length === 0
      ? []
      : await deps.publisher.deliver(
          parts.map(({ part }) => part),
          deadline,
        );
  const results = Map.groupBy(
    parts.map(({ row, part }, at): Result & { row: StoredRow } => ({ row, part, published: published[at] ?? silence })),
    ({ row }) => row,
  );
  return Promise.all(
    plans.map(async ({ row, giveUp, delivery }) => {
      const outcome = await settle(deps, row, delivery, { results: results.get(row) ?? [], giveUp });
      if (outcome !== 'done before') deps.meter.count('OutboxRows', { outcome });
      deps.log.info('outbox row', { eventId: row.event_id, outcome });
      return outcome;
    }),
  );
}

interface Result {
  readonly part: Routed;
  readonly published: Published;
}

/** Of a publisher that forgot to answer. */
const silence: Published = { confirm: 'unknown', queues: [] };

async function settle(
  deps: RelayDeps,
  row: StoredRow,
  delivery: Delivery,
  { results, giveUp }: { readonly results: readonly Result[]; readonly giveUp: boolean },
): Promise<Outcome> {
  switch (delivery.step) {
    case 'nothing':
      return 'done before';
    case 'except':
      return except(deps, row, delivery.reason, delivery.error);
    case 'deliver':
      return settleDelivery(deps, row, results, giveUp);
    default:
      throw new Error(`no end for ${delivery satisfies never}`);
  }
}

async function settleDelivery(
  deps: RelayDeps,
  row: StoredRow,
  results: readonly Result[],
  giveUp: boolean,
): Promise<Outcome> {
  const failed = results.filter(({ published }) => !isSettled(published));
  if (failed.length === 0) {
    await deps.marks.relayed(row);
    return 'relayed';
  }
  const missing = failed.flatMap(({ part }) => part.queues);
  const isNews = notesOf(row).missing?.length !== missing.length;
  if (isNews) await deps.marks.left(row, missing);
  const isRefused = failed.some(({ published }) => published.confirm === 'nack');
  if (!giveUp || !isRefused) return 'left';
  return except(deps, row, 'refused', new RefusedRowError(failed.flatMap(({ published }) => published.queues)));
}

/** Stored everywhere; or dead-lettered by a queue that is full, and has seen to it in its own way. */
function isSettled({ confirm, queues }: Published): boolean {
  if (confirm === 'ack') return true;
  return queues.length > 0 && queues.every((one) => one.outcome === 'stored' || isDeadLettered(one));
}

function isDeadLettered(one: QueueOutcome): boolean {
  return one.outcome === 'refused' && one.deadLettered === true;
}

async function except(deps: RelayDeps, row: StoredRow, reason: ExceptionReason, error: Error): Promise<Outcome> {
  const { aggregate, event_id, item } = row;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  await deps.exceptions.open({
    eventId: event_id,
    source: 'outbox',
    // Another aggregate may have a row under the same event id.
    contentDigest: createHash('sha256').update(aggregate).digest('hex').slice(0, 16),
    reason,
    error,
    aggregate,
    body: text(item['body']),
    envelope: text(item[envelopeAttribute]),
  });
  await deps.marks.excepted(row);
  return 'exception';
}
