import type { Headers, HeaderValue } from '../../../rabbitmq/message.ts';

/** A message as a queue holds it, without what no two runs have in common: times of death. */
export interface Held {
  readonly exchange: string;
  readonly routing_key: string;
  /** Those that are there, in the spelling of RabbitMQ's HTTP API. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
  readonly content: string;
}

export interface Transcript {
  /** What lies in every queue at the end, in the order it came. */
  readonly queues: Readonly<Record<string, readonly Held[]>>;
  /** Labels of messages that a queue refused: their publisher got a nack. */
  readonly refused: readonly string[];
  /** Acts of consumers that found nothing to take, with the number of the step. */
  readonly idle: readonly string[];
}

/** One form for both sides. */
export function held(message: Held): Held {
  const { 'x-death': deaths, ...headers } = withoutDeliveries(message.headers);
  return {
    ...message,
    properties: Object.fromEntries(Object.entries(message.properties).filter(([, value]) => value !== undefined)),
    headers: deaths === undefined ? headers : { ...headers, 'x-death': timeless(deaths) },
  };
}

/** How often a quorum queue has delivered a message it says on delivery: no part of the letter, and not built yet (rule 4.8.2). */
function withoutDeliveries({ 'x-delivery-count': _, 'x-acquired-count': __, ...headers }: Headers): Headers {
  return headers;
}

function timeless(deaths: HeaderValue): HeaderValue {
  if (!Array.isArray(deaths)) return deaths;
  return deaths.map((death: HeaderValue) => (isTable(death) && 'time' in death ? { ...death, time: 'a time' } : death));
}

function isTable(value: HeaderValue): value is Headers {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
