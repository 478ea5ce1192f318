import pMap from 'p-map';
import type { NamedQueue } from '../../../rabbitmq/plan/queue-name.ts';
import { type Claims, keepingOnce } from './claim-check.ts';
import type { Delays } from './delays.ts';
import type { Outgoing } from './outgoing.ts';
import type { QueueSender } from './queue-sender.ts';
import type { QueueOutcome, SendOutcome } from './report.ts';
import { groupOf, toSqsMessage } from './sqs-message.ts';

export interface Published {
  /**
   * `ack`: every routed queue stored the message; also when there was none (rules 4.5.17, 4.5.18, 4.5.21). `nack`: a queue
   * refused it. `unknown`: no queue refused it, and at least one did not answer; it may be stored there.
   */
  readonly confirm: 'ack' | 'nack' | 'unknown';
  /** One per routed queue; empty when the message was unroutable. */
  readonly queues: readonly QueueOutcome[];
}

export interface DispatchDeps {
  readonly queueUrl: (queue: NamedQueue) => string;
  readonly sender: QueueSender;
  readonly delays: Delays;
  readonly claims: Pick<Claims, 'keep'>;
}

/** Sends what goes out, and says what became of it: one result per message, in order. */
export type Dispatch = (outgoing: readonly (readonly Outgoing[])[], deadline?: AbortSignal) => Promise<Published[]>;

/** Queues written to at the same time: bounds sockets, not order, which each queue keeps by itself. */
const parallelQueues = 16;

export function createDispatch({ queueUrl, sender, delays, claims }: DispatchDeps): Dispatch {
  return async (outgoing, deadline) => {
    const keepBody = keepingOnce(claims, deadline);
    const outcomes = outgoing.map((): QueueOutcome[] => []);
    const tell = (one: Positioned, answer: SendOutcome = unanswered): void => {
      const outcome = answer.outcome === 'stored' ? { ...answer, ...waitOf(one) } : answer;
      outcomes[one.position]?.push(...one.queues.map((queue) => ({ queue, ...outcome })));
    };
    const copies = outgoing.flatMap((some, position) => some.map((copy) => ({ ...copy, position })));
    const toSend = copies.filter((one) => 'copy' in one);
    const toKeep = copies.filter((copy) => 'waiting' in copy);
    for (const copy of copies.filter((one) => 'refused' in one)) {
      const { refused: reason, deadLettered, permanent } = copy;
      tell(copy, {
        outcome: 'refused',
        reason,
        ...(permanent && { permanent }),
        ...(deadLettered && { deadLettered }),
      });
    }

    async function send([url, some]: [string, typeof toSend]): Promise<void> {
      const sent = await answersOf(some, () =>
        sender.send(
          url,
          some.map(({ copy, placed }) => {
            const group = placed?.group ?? groupOf(copy);
            return { group, encode: () => toSqsMessage(copy, { group, stamp: placed?.stamp }, keepBody) };
          }),
          deadline,
        ),
      );
      for (const [at, copy] of some.entries()) tell(copy, sent[at]);
    }

    async function keep(): Promise<void> {
      if (toKeep.length === 0) return;
      const waiting = toKeep.map((copy) => copy.waiting);
      const kept = await answersOf(toKeep, () => delays.keep(waiting, keepBody, deadline));
      for (const [at, copy] of toKeep.entries()) tell(copy, kept[at]);
    }

    await Promise.all([
      pMap(
        Map.groupBy(toSend, ({ copy }) => queueUrl(copy.queue)),
        send,
        { concurrency: parallelQueues },
      ),
      keep(),
    ]);
    return outcomes.map((queues) => ({ confirm: confirmOf(queues), queues: queues.sort(byQueue) }));
  };
}

type Positioned = Outgoing & {
  /** Of its message. */
  readonly position: number;
};

/** Until a copy that is stored is where its report says. */
function waitOf(one: Outgoing): { readonly delayMs?: number; readonly leaves?: true } {
  if ('waiting' in one) {
    const { delayMs, next } = one.waiting;
    return { delayMs, ...(next.step === 'dead-letter' && { leaves: true }) };
  }
  return 'copy' in one && one.copy.delayMs > 0 ? { delayMs: one.copy.delayMs } : {};
}

/** Who throws instead of answering has said nothing of what is stored. */
async function answersOf(asked: readonly unknown[], ask: () => Promise<SendOutcome[]>): Promise<SendOutcome[]> {
  try {
    return await ask();
  } catch (error) {
    return asked.map(() => ({ outcome: 'unknown', reason: String(error) }));
  }
}

const unanswered: SendOutcome = { outcome: 'unknown', reason: 'nothing was answered' };

function confirmOf(queues: readonly QueueOutcome[]): Published['confirm'] {
  if (queues.some(({ outcome }) => outcome === 'refused')) return 'nack';
  return queues.every(({ outcome }) => outcome === 'stored') ? 'ack' : 'unknown';
}

/** The order in which `Published` names queues. */
export function byQueue(one: QueueOutcome, other: QueueOutcome): number {
  return one.queue < other.queue ? -1 : 1;
}
