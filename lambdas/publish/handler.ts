import { createPublishing, type PublishingDeps } from '../shared/publishing/publishing.ts';

/** The request comes as the event. */
export function createHandler(deps: PublishingDeps) {
  return createPublishing(deps);
}
