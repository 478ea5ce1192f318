import pMap from 'p-map';
import type { Copy } from '../../../rabbitmq/dead-lettering/after-delays.ts';
import { type Admission, admit, type Ready, refusesOverflow } from '../../../rabbitmq/publishing/overflow.ts';
import type { Queue } from '../../../rabbitmq/topology.ts';
import { bodyBytesOf } from './body-bytes.ts';
import type { Depths } from './depths.ts';

/** What each queue says to its copy, in the order given. */
export type OverflowGate = (copies: readonly Copy[], deadline?: AbortSignal) => Promise<Admission[]>;

export interface OverflowGateDeps {
  readonly depths: Depths;
  /** How long a depth that was read is gone by. */
  readonly maxAgeMs: number;
  readonly now: () => Date;
}

/** What is known of one queue. */
interface Known {
  readonly readAt: number;
  readonly reading: Promise<number | undefined>;
  /** What was let in since then: the reading does not know it. */
  readonly since: Mutable<Ready>;
  /** What this process let in at all: how large bodies are there, as far as it can know. */
  readonly ever: Mutable<Ready>;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const parallelReads = 16;

/**
 * Judges by SQS's count of a queue, read at most once in `maxAgeMs`, and by what this process has let in since. So all publishers together
 * can pass a limit by what they send in that time, and SQS's own lag; quorum queues are passed too (rule 4.11.3). A queue whose depth
 * cannot be read takes everything: refusing would stop its publishers for as long as nobody may read it.
 *
 * A copy that waits is let in: nobody knows how full its queue is when its time comes.
 */
export function createOverflowGate({ depths, maxAgeMs, now }: OverflowGateDeps): OverflowGate {
  const known = new Map<string, Known>();

  return async (copies, deadline) => {
    const gated = copies.filter(isGated);
    const queues = new Map(gated.map(({ queue }) => [idOf(queue), queue]));
    await pMap(queues.values(), (queue) => read(queue, deadline), { concurrency: parallelReads });
    const admissions = new Map<Copy, Admission>();
    for (const copy of gated) admissions.set(copy, await judge(copy));
    return copies.map((copy) => admissions.get(copy) ?? 'store');
  };

  async function read(queue: Queue, deadline?: AbortSignal): Promise<void> {
    const time = now().getTime();
    const last = known.get(idOf(queue));
    const age = last && time - last.readAt;
    const isFresh = age !== undefined && age >= 0 && age < maxAgeMs;
    if (!isFresh) {
      const ever = last?.ever ?? { messages: 0, bytes: 0 };
      known.set(idOf(queue), {
        readAt: time,
        reading: depths.ready(queue, deadline),
        since: { messages: 0, bytes: 0 },
        ever,
      });
    }
    await known.get(idOf(queue))?.reading;
  }

  async function judge({ queue, message }: Copy): Promise<Admission> {
    const one = known.get(idOf(queue));
    const read = await one?.reading;
    if (!one || read === undefined) return 'store';
    const bytes = bodyBytesOf(message);
    // SQS counts no bytes: what waits is taken to be as large as what this process has sent there, or else as this message.
    const mean = one.ever.messages === 0 ? bytes : one.ever.bytes / one.ever.messages;
    const ready = { messages: read + one.since.messages, bytes: read * mean + one.since.bytes };
    const admission = admit(queue, ready, bytes);
    if (admission === 'store') {
      for (const total of [one.since, one.ever]) {
        total.messages++;
        total.bytes += bytes;
      }
    }
    return admission;
  }
}

export function isGated({ queue, delayMs }: Copy): boolean {
  return delayMs === 0 && refusesOverflow(queue);
}

function idOf({ vhost, name }: Queue): string {
  return JSON.stringify([vhost, name]);
}
