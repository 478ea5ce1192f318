import type { Context } from 'aws-lambda';
import pMap from 'p-map';
import { deadlineOf } from '../shared/deadline.ts';
import { type ReplayAnswer, type ReplayRequest, replayRequestSchema } from '../shared/exceptions/replay-contract.ts';
import type { ReplayException } from '../shared/exceptions/replay-exception.ts';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';

export interface HandlerDeps {
  readonly replay: ReplayException;
  readonly log: Log;
  readonly meter: Meter;
}

/** Lanes at a time: bounds sockets. */
const parallelLanes = 8;

/** What an operator replays, a part at a time: one outcome per row, in order. Throws a `ZodError` for what is no request: nothing was done then. */
export function createHandler({ replay, log, meter }: HandlerDeps) {
  return async (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<ReplayAnswer> => {
    const { replay_id: id, who, why, rows } = replayRequestSchema.parse(event);
    const deadline = deadlineOf(context);
    const asked = { id, operator: { who, why } };
    const answers = new Map<Row, ReplayAnswer['rows'][number]>();
    await pMap(lanesOf(rows), sendLane, { concurrency: parallelLanes });
    return { rows: rows.flatMap((row) => answers.get(row) ?? []) };

    /** What is behind one that is not sent would overtake it. */
    async function sendLane(lane: readonly Row[]): Promise<void> {
      let isHeld = false;
      for (const row of lane) {
        const answer: Replayed = isHeld ? { outcome: 'behind' } : await replay(row, asked, deadline);
        const { outcome, reason } = answer;
        isHeld ||= outcome === 'failed';
        meter.count('ExceptionsReplayed', { outcome });
        log.info('exception replayed', { eventId: row.event_id, replayId: id, outcome });
        const { event_id, source } = row;
        answers.set(row, { event_id, source, outcome, ...(reason !== undefined && { reason }) });
      }
    }
  };
}

type Row = ReplayRequest['rows'][number];
type Replayed = Awaited<ReturnType<ReplayException>>;

/** Each in the order of the request. A row without a lane is one by itself. */
function lanesOf(rows: readonly Row[]): Row[][] {
  return [...Map.groupBy(rows, (row) => row.lane ?? row).values()];
}
