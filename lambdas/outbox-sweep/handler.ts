import type { Context } from 'aws-lambda';
import pMap from 'p-map';
import type { Hold, HoldsForSweep } from '../shared/outbox/holds.ts';
import { loadInOrder } from '../shared/outbox/load-in-order.ts';
import type { Relay } from '../shared/outbox/relay.ts';
import type { RowReader } from '../shared/outbox/stored-row.ts';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';
import type { Undelivered } from './undelivered.ts';

export interface HandlerDeps {
  readonly relay: Relay;
  readonly reader: RowReader;
  readonly holds: HoldsForSweep;
  readonly undelivered: Undelivered;
  readonly overdueAfterMs: number;
  readonly giveUpAfterMs: number;
  readonly now: () => Date;
  /** At least 0, below 1: in which order aggregates are worked on. */
  readonly random: () => number;
  readonly log: Log;
  readonly meter: Meter;
}

/** Aggregates could not be worked on: their tables did not answer. They stay held, and the next run tries again. */
export class SweepIncompleteError extends Error {
  override readonly name = 'SweepIncompleteError';

  constructor(aggregates: number) {
    super(`${aggregates} aggregates were not worked on`);
  }
}

/** Rows of one aggregate that are tried in one run. */
const mostRows = 25;
/** Aggregates at a time: bounds sockets. */
const parallelAggregates = 8;
/** What the rows of one aggregate may take when SQS is slow: with less time left, no other is begun. */
const reserveMs = 15_000;

/**
 * Tries again what the relay could not deliver, once a minute. Rows the stream has forgotten, or does not get to, are held like those whose queue failed:
 * then all are delivered in the order of their hold. What queues refuse for too long becomes an exception, and its aggregate goes on.
 */
export function createHandler({ relay, reader, holds, undelivered, now, random, log, meter, ...times }: HandlerDeps) {
  return async (_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> => {
    await holdOverdue();
    let failed = 0;
    const isTimeLeft = (): boolean => context.getRemainingTimeInMillis() > reserveMs;
    await pMap(
      shuffled(await allHolds()),
      async (hold) => {
        if (isTimeLeft() && !(await isWorkedOn(hold))) failed++;
      },
      { concurrency: parallelAggregates },
    );
    if (failed > 0) throw new SweepIncompleteError(failed);
  };

  async function allHolds(): Promise<Hold[]> {
    const all: Hold[] = [];
    for await (const page of holds.all()) all.push(...page);
    return all;
  }

  /** Those that take all the time of one run are not in front again in the next: the others would wait for as long as they do. */
  function shuffled(all: readonly Hold[]): Hold[] {
    const places = new Map(all.map((hold) => [hold, random()]));
    return all.toSorted((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0));
  }

  async function holdOverdue(): Promise<void> {
    const overdue = await undelivered.before(new Date(now().getTime() - times.overdueAfterMs));
    for (const _ of overdue) meter.count('OutboxRowsOverdue');
    await pMap(
      Map.groupBy(overdue, ({ aggregate }) => aggregate),
      ([aggregate, rows]) =>
        holds.begin(
          aggregate,
          rows.map(({ event_id }) => event_id),
        ),
      { concurrency: parallelAggregates },
    );
  }

  /** One aggregate's trouble is not another's. */
  async function isWorkedOn(hold: Hold): Promise<boolean> {
    try {
      await workOn(hold);
      return true;
    } catch (error) {
      log.error('aggregate not worked on', error, { aggregate: hold.aggregate });
      return false;
    }
  }

  async function workOn(hold: Hold): Promise<void> {
    const { aggregate, since, waiting } = hold;
    const ids = [...new Set(waiting)];
    const tried = ids.slice(0, mostRows);
    const rows = await loadInOrder(
      reader,
      tried.map((event_id) => ({ aggregate, event_id })),
    );
    const giveUp = now().getTime() - since.getTime() >= times.giveUpAfterMs;
    const [left = []] = await relay([rows], { giveUp });
    const leftIds = left.map(({ event_id }) => event_id);
    await holds.settle(hold, [...leftIds, ...ids.slice(mostRows)], left.length < rows.length);
  }
}
