import type { Context } from 'aws-lambda';
import { type ParkAnswer, parkRequestSchema } from '../shared/exceptions/park-contract.ts';
import type { Log } from '../shared/telemetry/telemetry.ts';
import type { Park } from './park.ts';

export interface HandlerDeps {
  readonly park: Park;
  readonly log: Log;
}

/** What an operator parks, a part at a time. Throws a `ZodError` for what is no request: nothing was done then. */
export function createHandler({ park, log }: HandlerDeps) {
  return async (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<ParkAnswer> => {
    const request = parkRequestSchema.parse(event);
    const answer = await park(request, context);
    log.info('messages parked', { queue: request.queue.name, ...answer });
    return answer;
  };
}
