import { type ClientMessage, type Message, withEventId } from '../../../rabbitmq/message.ts';
import { longestDelayMs } from '../../../rabbitmq/plan/delay-limits.ts';
import { ChannelError } from '../../../rabbitmq/publishing/channel-error.ts';
import type { Publisher } from '../broker/broker.ts';
import { closeOf, returnOf } from '../broker/channel-events.ts';
import type { Routed } from '../broker/outgoing.ts';
import type { ChannelEvent, MessageReport } from '../broker/report.ts';
import { PermanentError } from '../consumer/errors.ts';
import { mayBeWritten, OutboxLimitError } from '../outbox/errors.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { ownAggregate } from '../outbox/outbox-message.ts';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import { withDetail } from './answer-size.ts';
import type { PublishAnswer, PublishRequest } from './contract.ts';

export interface OutboxModeDeps {
  readonly broker: Publisher;
  readonly outbox: Outbox;
  readonly log: Log;
  readonly meter: Meter;
}

/** A message of the request, checked and routed as a channel would. */
interface Accepted {
  readonly message: Message;
  readonly routed: Routed;
  readonly delayMs: number;
  readonly aggregate: string;
  /** It goes back to its publisher, who has it then: no row is written (rules 4.5.16, 4.5.26). */
  readonly isReturned: boolean;
}

/**
 * The messages of one request as rows of one transaction, or none of them. What a channel would refuse is refused before: the error closes it, and
 * nothing of the request is written. So it is with a message that no row can hold: it is nacked, the others are not published. Throws an
 * `OutboxLimitError` of the request as a whole, an `EventIdReusedError` or a `GivenUpError`, with nothing written either.
 */
export async function publishToOutbox(
  deps: OutboxModeDeps,
  messages: readonly ClientMessage[],
  request: PublishRequest,
  deadline?: AbortSignal,
): Promise<PublishAnswer> {
  const answer: PublishAnswer = { ...(await answerOf(deps, messages, request, deadline)), detail: 'queues' };
  for (const { confirm } of answer.messages) deps.meter.count('MessagesPublished', { confirm });
  deps.log.info('messages published', { messages: messages.length, replyCode: answer.channel_error?.reply_code });
  return withDetail(answer, request.detail);
}

/** With all there is to tell. */
type WholeAnswer = Omit<PublishAnswer, 'detail'>;

async function answerOf(
  deps: OutboxModeDeps,
  messages: readonly ClientMessage[],
  request: PublishRequest,
  deadline: AbortSignal | undefined,
): Promise<WholeAnswer> {
  const accepted = acceptAll(deps.broker, messages, request);
  if ('error' in accepted) return closed(accepted, messages.map(withEventId));
  const tooLong = accepted.filter(({ routed }) => routed.queues.length > 0 && routed.delayMs > longestDelayMs);
  if (tooLong.length > 0) return refused(accepted, new Map(tooLong.map((one) => [one, longerThanAny(one)])));
  const toWrite = accepted.filter(({ isReturned }) => !isReturned);
  const events: ChannelEvent[] = accepted.filter((one) => one.isReturned).map(({ message }) => returnOf(message));
  try {
    const rows = toWrite.length > 0 ? await write(deps.outbox, toWrite, deadline) : [];
    const rowOf = new Map(toWrite.map((one, at) => [one, rows[at]]));
    return {
      ok: true,
      events: [...events, { method: 'tx.commit-ok' }],
      messages: accepted.map((one) => ({
        ...reportOf(one.message, 'ack', one.routed.queues.length),
        row: rowOf.get(one),
      })),
    };
  } catch (error) {
    if (error instanceof OutboxLimitError) return tooLarge(accepted, error);
    if (error instanceof PermanentError) throw error;
    deps.log.error('outbox not written', error);
    // The channel stays open: whoever publishes again with the same event ids finds out, or writes it.
    const confirm = mayBeWritten(error) ? 'unknown' : 'nack';
    const messages = accepted.map(({ message, isReturned }) => reportOf(message, isReturned ? 'ack' : confirm));
    return { ok: true, events, messages };
  }
}

/** An error closes the channel, and nothing is published: neither the message it is about, nor any other. */
interface Failed {
  readonly error: ChannelError;
  readonly at: number;
}

/** Each message with its queues of today, or the first error. */
function acceptAll(
  broker: Publisher,
  messages: readonly ClientMessage[],
  request: PublishRequest,
): Accepted[] | Failed {
  const accepted: Accepted[] = [];
  for (const [at, published] of messages.entries()) {
    const message = withEventId(published);
    const { mandatory = false, immediate, delay: delayMs = 0, aggregate } = request.messages[at] ?? {};
    try {
      const routed = broker.accept(published, { immediate, delayMs, user: request.user });
      accepted.push({
        message,
        routed,
        delayMs,
        aggregate: aggregate ?? ownAggregate(message.properties.message_id),
        isReturned: mandatory && routed.queues.length === 0,
      });
    } catch (error) {
      if (error instanceof ChannelError) return { error, at };
      throw error;
    }
  }
  return accepted;
}

/** Without own writes, nothing but limits can refuse them. */
async function write(outbox: Outbox, accepted: readonly Accepted[], deadline: AbortSignal | undefined) {
  const result = await outbox.write(accepted, [], deadline);
  if (result.outcome === 'written') return result.rows;
  throw new Error('rows alone were refused');
}

function closed({ error, at }: Failed, messages: readonly Message[]): WholeAnswer {
  return {
    ok: false,
    events: [closeOf(error)],
    messages: messages.map((message) => reportOf(message, 'not-published')),
    channel_error: { reply_code: error.replyCode, reply_text: error.replyText, message: at },
  };
}

function longerThanAny({ routed }: Accepted): string {
  return `a delay of ${routed.delayMs} ms is longer than ${longestDelayMs} ms`;
}

/** Throws the error when it is about no message alone, or there is no queue to tell a refusal of. */
function tooLarge(accepted: readonly Accepted[], error: OutboxLimitError): WholeAnswer {
  const ofEvent = accepted.filter(({ message }) => message.properties.message_id === error.eventId);
  if (!ofEvent.some(({ routed }) => routed.queues.length > 0)) throw error;
  return refused(accepted, new Map(ofEvent.map((one) => [one, error.message])));
}

/** What no row can hold, or wait for: told as its queues' refusal, before anything is written. */
function refused(accepted: readonly Accepted[], reasons: ReadonlyMap<Accepted, string>): WholeAnswer {
  const messages = accepted.map((one) => {
    const reason = reasons.get(one);
    if (reason === undefined) return reportOf(one.message, 'not-published');
    const queues = one.routed.queues.map((queue) => ({ queue, outcome: 'refused', reason, permanent: true }) as const);
    return { ...reportOf(one.message, 'nack', one.routed.queues.length), queues };
  });
  return { ok: true, events: [], messages };
}

/** `routed` by the bindings of now; its row is routed when it is delivered. */
function reportOf({ properties }: Message, confirm: MessageReport['confirm'], routed = 0): MessageReport {
  return { message_id: properties.message_id, confirm, routed, queues: [] };
}
