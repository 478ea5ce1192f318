import { z } from 'zod';
import type { ClientMessage } from '../../../rabbitmq/message.ts';
import { ChannelError } from '../../../rabbitmq/publishing/channel-error.ts';
import type { Publisher } from '../broker/broker.ts';
import { type Channel, openChannel } from '../broker/channel.ts';
import type { MessageReport } from '../broker/report.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import { barestAnswerBytes, mostAnswerBytes, withDetail } from './answer-size.ts';
import {
  invalidRequestText,
  type PublishAnswer,
  type PublishedMessage,
  type PublishRequest,
  publishRequestSchema,
} from './contract.ts';
import { publishToOutbox } from './outbox-mode.ts';

export interface PublishingDeps {
  readonly broker: Publisher;
  readonly outbox: Outbox;
  readonly newEventId: () => string;
  readonly log: Log;
  readonly meter: Meter;
}

/** The request does not fit its schema, or no answer could tell of it. Nothing was sent. Names fields, never values. */
export class InvalidPublishRequestError extends Error {
  override readonly name = 'InvalidPublishRequestError';

  constructor(problems: string) {
    super(`${invalidRequestText}:\n${problems}`);
  }
}

/**
 * The producer, as a module: the request of `contract.ts` in, its answer out. One request is one channel, from its opening to its end; at
 * the deadline it answers what it knows. Throws an `InvalidPublishRequestError`.
 */
export function createPublishing({ broker, outbox, newEventId, log, meter }: PublishingDeps) {
  return async (event: unknown, deadline?: AbortSignal): Promise<PublishAnswer> => {
    const request = parseRequest(event);
    const messages = request.messages.map((one) => toMessage(one, request, newEventId()));
    if (request.mode === 'outbox') return publishToOutbox({ broker, outbox, log, meter }, messages, request, deadline);

    const channel = openChannel(broker, { user: request.user, joinConfirms: request.multiple });
    if (request.mode === 'confirm') channel.selectConfirm();
    if (request.mode === 'tx') channel.selectTx();

    const failed = publishUntilError(channel, messages, request);
    const { events, reports } = await (request.mode === 'tx' ? channel.commit(deadline) : channel.flush(deadline));
    const notPublished = messages.slice(reports.length).map(
      ({ properties, eventId }): MessageReport => ({
        message_id: properties.message_id ?? eventId,
        confirm: 'not-published',
        routed: 0,
        queues: [],
      }),
    );
    const all = [...reports, ...notPublished];
    for (const { confirm } of all) meter.count('MessagesPublished', { confirm });
    const closing = events.find(({ method }) => method === 'channel.close' || method === 'connection.close');
    log.info('messages published', { messages: reports.length, replyCode: failed?.error.replyCode });
    const answer: PublishAnswer = {
      ok: closing === undefined,
      events,
      detail: 'queues',
      messages: all,
      ...(closing && 'reply_code' in closing && { channel_error: { ...pick(closing), message: failed?.at } }),
    };
    return withDetail(answer, request.detail);
  };
}

function parseRequest(event: unknown): PublishRequest {
  const parsed = publishRequestSchema.safeParse(event);
  if (!parsed.success) throw new InvalidPublishRequestError(z.prettifyError(parsed.error));
  if (barestAnswerBytes(parsed.data) > mostAnswerBytes) {
    throw new InvalidPublishRequestError(
      '✖ its answer could be over 6 MB: send fewer messages, or give them shorter ids',
    );
  }
  return parsed.data;
}

/** The error that closed the channel, if one did, and whose it was: what comes after it is not published. */
function publishUntilError(
  channel: Channel,
  messages: readonly ClientMessage[],
  request: PublishRequest,
): { readonly error: ChannelError; readonly at: number } | undefined {
  for (const [at, message] of messages.entries()) {
    const { mandatory, immediate, delay: delayMs } = request.messages[at] ?? {};
    try {
      channel.publish(message, { immediate, mandatory, delayMs });
    } catch (error) {
      if (error instanceof ChannelError) return { error, at };
      throw error;
    }
  }
  return undefined;
}

function pick({ reply_code, reply_text }: { readonly reply_code: number; readonly reply_text: string }) {
  return { reply_code, reply_text };
}

function toMessage(
  { exchange, routing_key, properties, headers, payload, payload_encoding }: PublishedMessage,
  { vhost }: PublishRequest,
  eventId: string,
): ClientMessage {
  return {
    vhost,
    exchange,
    routingKeys: [routing_key],
    properties,
    headers,
    payload,
    payloadEncoding: payload_encoding,
    eventId,
  };
}
