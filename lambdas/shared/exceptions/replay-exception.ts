import { asPublished, type Message } from '../../../rabbitmq/message.ts';
import { labelOf } from '../../../rabbitmq/plan/queue-label.ts';
import type { QueueAddress } from '../../../rabbitmq/queue-address.ts';
import type { Publisher, Resumer } from '../broker/broker.ts';
import { type Claims, withBody } from '../broker/claim-check.ts';
import type { Published } from '../broker/dispatch.ts';
import { decodeMessage } from '../broker/envelope.ts';
import type { ExceptionRow } from './exception-row.ts';
import type { ExceptionStore, Operator, SeenException, UnsentState } from './exception-store.ts';
import type { Exceptions } from './exceptions.ts';
import type { ReplayOutcome } from './replay-contract.ts';
import { withReplay } from './replay-header.ts';

export interface ReplayDeps {
  readonly store: Pick<ExceptionStore, 'get' | 'startReplay' | 'failReplay'>;
  readonly exceptions: Pick<Exceptions, 'resolve'>;
  readonly broker: Publisher & Resumer;
  readonly claims: Pick<Claims, 'fetch'>;
  /** Whether the consumer of that queue resolves the row when it has handled the message. */
  readonly isResolvedByConsumer: (queue: QueueAddress) => boolean;
  readonly now: () => Date;
}

export interface Replay {
  readonly id: string;
  readonly operator: Operator;
}

/**
 * Sends the message of a row again: to the queue it came from, with its event id, its deaths and its headers, or, if it never came to a queue,
 * to its exchange. Its time to live begins anew. The row is `replaying` before anything is sent, so that a crash in between leaves a row
 * that says so, and whoever replays it again does no harm: consumers know the event by its business key.
 */
export type ReplayException = (
  seen: SeenException,
  replay: Replay,
  deadline?: AbortSignal,
) => Promise<{ readonly outcome: ReplayOutcome; readonly reason?: string }>;

export function createReplayException(deps: ReplayDeps): ReplayException {
  return async (seen, { id, operator }, deadline) => {
    const row = await deps.store.get(seen);
    if (!row) return { outcome: 'gone' };
    const isOurs = row.replay_id === id;
    if (isOurs && row.state === 'resolved') return { outcome: 'done' };
    // Begun by an earlier request of this replay, whose answer was lost: it may have been sent, and may not.
    if (!(isOurs && row.state === 'replaying') && !(await deps.store.startReplay(seen, id, operator))) {
      return { outcome: 'changed' };
    }
    try {
      return { outcome: await sendAgain(row, id, deadline) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await deps.store.failReplay(seen, id, { who: operator.who, why: reason }, stateBefore(row));
      return { outcome: 'failed', reason };
    }
  };

  /** Throws when its message may not be stored. */
  async function sendAgain(row: ExceptionRow, replayId: string, deadline?: AbortSignal): Promise<'sent' | 'done'> {
    const replayed = { eventId: row.event_id, row: row.source, replayId };
    const message = withReplay(await messageOf(row), replayed);
    refuseUnlessStored(await send(row, message, deadline), row);
    if (row.queue && deps.isResolvedByConsumer(row.queue)) return 'sent';
    await deps.exceptions.resolve(replayed);
    return 'done';
  }

  async function messageOf({ body, amqp, amqp_key, event_id }: ExceptionRow): Promise<Message> {
    const envelope = amqp ?? (amqp_key && Buffer.from(await deps.claims.fetch(amqp_key)).toString('utf8'));
    if (body === undefined || envelope === undefined) throw new NothingToReplayError(event_id);
    const { expiresAt: _, ...message } = await withBody(decodeMessage(body, envelope, event_id), deps.claims);
    return message;
  }

  async function send({ queue }: ExceptionRow, message: Message, deadline?: AbortSignal): Promise<Published> {
    if (!queue) {
      const [published] = await deps.broker.deliver([deps.broker.accept(asPublished(message))], deadline);
      return published ?? { confirm: 'unknown', queues: [] };
    }
    // The vhost of its queue is that of its message: RabbitMQ routes within one.
    return deps.broker.resume(
      { message, dueAt: deps.now().getTime(), delayMs: 0, next: { step: 'store', queue: queue.name } },
      deadline,
    );
  }
}

/** What waited for nobody has not failed because it cannot be sent yet. */
function stateBefore({ state, history }: ExceptionRow): UnsentState {
  const before = state === 'replaying' ? history.at(-1)?.from : state;
  return unpaged.find((one) => one === before) ?? 'open';
}

const unpaged = ['parked', 'discarded', 'recorded'] as const;

function refuseUnlessStored({ confirm, queues }: Published, { queue }: ExceptionRow): void {
  if (queues.length === 0)
    throw new NotReplayedError(queue ? `${labelOf(queue)} is not deployed` : 'no queue is bound for it');
  if (confirm === 'ack') return;
  const reasons = queues.flatMap((one) => ('reason' in one && one.reason ? [`${one.queue}: ${one.reason}`] : []));
  throw new NotReplayedError([confirm, ...reasons].join('; '));
}

/** What a row has of its message is too little to send it again. */
export class NothingToReplayError extends Error {
  override readonly name = 'NothingToReplayError';

  constructor(eventId: string) {
    super(`the row of ${eventId} has no message: it was too large for a row, or the row is about something else`);
  }
}

/** SQS did not say that it has the message. It may have it all the same: sent again it is a duplicate, which has no effect. */
export class NotReplayedError extends Error {
  override readonly name = 'NotReplayedError';
}
