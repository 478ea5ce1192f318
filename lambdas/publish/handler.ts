import type { Context } from 'aws-lambda';
import { deadlineOf } from '../shared/deadline.ts';
import { fitted } from '../shared/publishing/answer-size.ts';
import type { PublishAnswer } from '../shared/publishing/contract.ts';
import { createPublishing, type PublishingDeps } from '../shared/publishing/publishing.ts';

/** The event is the request, the result its answer. */
export function createHandler(deps: PublishingDeps) {
  const publish = createPublishing(deps);
  return async (event: unknown, context: Context): Promise<PublishAnswer> =>
    fitted(await publish(event, deadlineOf(context)), (answer) => Buffer.byteLength(JSON.stringify(answer)));
}
