import { v7 as uuidv7 } from 'uuid';
import { reach } from './destination.ts';
import { listenForInterrupts } from './interrupts.ts';
import type { PublishDeps } from './options.ts';

/** The real one. Loaded only when something is published: the AWS SDK takes longer to load than other commands to run. */
export const world: PublishDeps = { reach, listenForInterrupts, newEventId: uuidv7, now: Date.now };
