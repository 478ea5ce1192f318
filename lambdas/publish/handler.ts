import { z } from 'zod';
import type { Message } from '../../rabbitmq/message.ts';
import { ChannelError } from '../../rabbitmq/publishing/channel-error.ts';
import type { Broker } from '../shared/broker/broker.ts';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';
import {
  type ChannelEvent,
  type MessageReport,
  type PublishAnswer,
  type PublishedMessage,
  type PublishRequest,
  publishRequestSchema,
} from './contract.ts';

export interface HandlerDeps {
  readonly broker: Broker;
  readonly now: () => Date;
  readonly newEventId: () => string;
  readonly log: Log;
  readonly meter: Meter;
}

/** The request does not fit its schema. Nothing was sent. */
export class InvalidPublishRequestError extends Error {
  override readonly name = 'InvalidPublishRequestError';

  constructor(error: z.ZodError) {
    super(`the request cannot be published, nothing was sent:\n${z.prettifyError(error)}`);
  }
}

/** The producer: routes as RabbitMQ, stores in SQS, answers as a channel in confirm mode. */
export function createHandler({ broker, now, newEventId, log, meter }: HandlerDeps) {
  return async (event: unknown): Promise<PublishAnswer> => {
    const parsed = publishRequestSchema.safeParse(event);
    if (!parsed.success) throw new InvalidPublishRequestError(parsed.error);
    const request = parsed.data;
    const messages = request.messages.map((message) =>
      toMessage(message, request, { eventId: newEventId(), now: now() }),
    );
    try {
      const reports = (await broker.publish(messages)).map((published, at): MessageReport => {
        meter.count('MessagesPublished', { confirm: published.confirm });
        return { delivery_tag: at + 1, message_id: messages[at]?.properties.message_id ?? '', ...published };
      });
      log.info('messages published', { messages: reports.length });
      return { ok: true, events: channelEvents(request, reports), messages: reports };
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      log.warn('channel closed', { replyCode: error.replyCode });
      return { ok: false, channel_error: { reply_code: error.replyCode, reply_text: error.replyText } };
    }
  };
}

function toMessage(
  { exchange, routing_key, properties, headers, payload, payload_encoding }: PublishedMessage,
  { vhost }: PublishRequest,
  { eventId, now }: { eventId: string; now: Date },
): Message {
  const timestamp = Math.floor(now.getTime() / 1000);
  return {
    vhost,
    exchange,
    routingKeys: [routing_key],
    properties: { timestamp, ...properties, message_id: properties.message_id ?? eventId },
    headers,
    payload,
    payloadEncoding: payload_encoding,
  };
}

/** A return comes before its message's confirm; what is unknown is not confirmed either way (rules 4.5.16 to 4.5.18). */
function channelEvents(request: PublishRequest, reports: readonly MessageReport[]): ChannelEvent[] {
  return reports.flatMap(({ delivery_tag, message_id, confirm, queues }, at) => {
    const { mandatory = false, exchange = '', routing_key = '' } = request.messages[at] ?? {};
    const events: ChannelEvent[] = [];
    if (mandatory && queues.length === 0) {
      events.push({
        method: 'basic.return',
        reply_code: 312,
        reply_text: 'NO_ROUTE',
        exchange,
        routing_key,
        message_id,
      });
    }
    if (confirm !== 'unknown') events.push({ method: `basic.${confirm}`, delivery_tag, multiple: false });
    return events;
  });
}
