import type { Headers } from '../../../rabbitmq/message.ts';
import type { Held } from './transcript.ts';

/** Letters written by hand, for what brokers of some versions make of the message `m`. */
export const letter = (exchange: string, key: string, headers: Headers): Held => ({
  exchange,
  routing_key: key,
  properties: { message_id: 'm' },
  headers,
  content: '"m"',
});

export const table = (reason: string, queue: string, exchange: string, keys: readonly string[], count = 1) => ({
  count,
  reason,
  queue,
  time: 'a time',
  exchange,
  'routing-keys': keys,
});

export const first = (reason: string, queue: string, exchange: string): Headers => ({
  'x-first-death-reason': reason,
  'x-first-death-queue': queue,
  'x-first-death-exchange': exchange,
});

export const last = (reason: string, queue: string, exchange: string): Headers => ({
  'x-last-death-reason': reason,
  'x-last-death-queue': queue,
  'x-last-death-exchange': exchange,
});
