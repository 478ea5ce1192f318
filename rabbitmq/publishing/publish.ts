import type { Headers, Properties } from '../message.ts';
import type { Router } from '../routing/router.ts';
import {
  ChannelError,
  exchangeIsInternal,
  exchangeNotFound,
  immediateNotImplemented,
  messageTooLarge,
  shortStringTooLong,
  userIdMismatch,
} from './channel-error.ts';
import { expirationError } from './expiration.ts';
import { routingKeysOf } from './routing-keys.ts';

/** A `basic.publish`, as far as routing reads it. */
export interface PublishRequest {
  readonly vhost: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly headers: Headers;
  readonly properties?: Partial<Properties> | undefined;
  /** The property of that name: milliseconds, as text. Default: the one among `properties`. */
  readonly expiration?: string | undefined;
  /** Deliver now or give it back: no RabbitMQ does that any more. */
  readonly immediate?: boolean | undefined;
  /** Bytes of the body. Default: 0. */
  readonly bodyBytes?: number | undefined;
  /** The most a body may have; no broker can be told more than `bodyBytesLimits.most`. Default: `bodyBytesLimits.usual`. */
  readonly maxBodyBytes?: number | undefined;
  /** Who is logged in. Default: nobody whom `user_id` could be held against. */
  readonly user?: string | undefined;
  /** Give the message back when no queue gets it; absent is false. */
  readonly mandatory?: boolean | undefined;
}

/** `error` closes the channel, and the message is neither routed nor confirmed (rule 4.5.15). */
export type PublishDecision =
  | {
      /** Sorted; empty when the message is unroutable, which is no error (rule 4.5.18). */
      readonly queues: readonly string[];
      /** Whether it goes back as a `basic.return`, 312 NO_ROUTE, before it is confirmed (rules 4.5.16, 4.5.17). */
      readonly returned: boolean;
    }
  | { readonly error: ChannelError };

/** RabbitMQ's `max_message_size`: 16 MiB since 4.0 (128 MiB before), at most 512 MiB (rule 4.5.2). */
export const bodyBytesLimits = { usual: 16 * 1024 * 1024, most: 512 * 1024 * 1024 } as const;

/** What a channel decides about one message. Checks come in RabbitMQ's order (rules 4.5.1 to 4.5.13). */
export function publish(router: Router, request: PublishRequest): PublishDecision {
  const error =
    shortStringError(request) ??
    immediateError(request) ??
    sizeError(request) ??
    exchangeError(router, request) ??
    expirationErrorOf(request);
  if (error) return { error };
  const routingKeys = allRoutingKeys(request);
  if (routingKeys instanceof ChannelError) return { error: routingKeys };
  const notTheUser = userError(request);
  if (notTheUser) return { error: notTheUser };
  const queues = router.route({ ...request, routingKeys });
  return { queues, returned: request.mandatory === true && queues.length === 0 };
}

/** Rules 4.1.7, 4.11.1. CC and BCC are long strings: their keys have no such limit. */
function shortStringError({ exchange, routingKey }: PublishRequest): ChannelError | undefined {
  const tooLong = (what: 'routing key' | 'exchange name', text: string): ChannelError | undefined => {
    const bytes = Buffer.byteLength(text);
    return bytes > 255 ? shortStringTooLong(what, bytes) : undefined;
  };
  return tooLong('exchange name', exchange) ?? tooLong('routing key', routingKey);
}

function exchangeError(router: Router, { vhost, exchange: name }: PublishRequest): ChannelError | undefined {
  const exchange = router.exchange(vhost, name);
  if (!exchange) return exchangeNotFound(vhost, name);
  return exchange.internal ? exchangeIsInternal(vhost, name) : undefined;
}

function immediateError({ immediate }: PublishRequest): ChannelError | undefined {
  return immediate ? immediateNotImplemented() : undefined;
}

function sizeError({ bodyBytes = 0, maxBodyBytes = bodyBytesLimits.usual }: PublishRequest): ChannelError | undefined {
  return bodyBytes > maxBodyBytes ? messageTooLarge(bodyBytes, maxBodyBytes) : undefined;
}

function userError({ user, properties }: PublishRequest): ChannelError | undefined {
  const claimed = properties?.user_id;
  if (user === undefined || claimed === undefined) return undefined;
  return claimed === user ? undefined : userIdMismatch(claimed, user);
}

function expirationErrorOf({
  properties,
  expiration = properties?.expiration,
}: PublishRequest): ChannelError | undefined {
  return expiration === undefined ? undefined : expirationError(expiration);
}

function allRoutingKeys({ routingKey, headers }: PublishRequest): string[] | ChannelError {
  try {
    return routingKeysOf(routingKey, headers);
  } catch (error) {
    if (error instanceof ChannelError) return error;
    throw error;
  }
}
