import type { Context } from 'aws-lambda';
import { deadlineOf } from '../shared/deadline.ts';
import type { PublishAnswer } from '../shared/publishing/contract.ts';
import { createPublishing, type PublishingDeps } from '../shared/publishing/publishing.ts';

/** The event is the request. */
export function createHandler(deps: PublishingDeps) {
  const publish = createPublishing(deps);
  return (event: unknown, context: Context): Promise<PublishAnswer> => publish(event, deadlineOf(context));
}
