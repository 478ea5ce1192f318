import type { Context } from 'aws-lambda';
import pMap from 'p-map';
import { deadlineOf } from '../shared/deadline.ts';
import { type ReplayAnswer, replayRequestSchema } from '../shared/exceptions/replay-contract.ts';
import type { ReplayException } from '../shared/exceptions/replay-exception.ts';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';

export interface HandlerDeps {
  readonly replay: ReplayException;
  readonly log: Log;
  readonly meter: Meter;
}

/** Rows at a time: bounds sockets. Messages of one key keep no order among each other here, and had none in the table. */
const parallelRows = 8;

/** What an operator replays, a part at a time: one outcome per row, in order. Throws a `ZodError` for what is no request: nothing was done then. */
export function createHandler({ replay, log, meter }: HandlerDeps) {
  return async (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<ReplayAnswer> => {
    const { replay_id: id, who, why, rows } = replayRequestSchema.parse(event);
    const deadline = deadlineOf(context);
    const answers = await pMap(
      rows,
      async (seen) => {
        const { outcome, reason } = await replay(seen, { id, operator: { who, why } }, deadline);
        meter.count('ExceptionsReplayed', { outcome });
        log.info('exception replayed', { eventId: seen.event_id, replayId: id, outcome });
        return { event_id: seen.event_id, source: seen.source, outcome, ...(reason !== undefined && { reason }) };
      },
      { concurrency: parallelRows },
    );
    return { rows: answers };
  };
}
