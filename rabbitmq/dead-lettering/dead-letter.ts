import { amqpValue } from '../amqp-value.ts';
import { type Dialect, dialectRules } from '../dialect.ts';
import type { Headers, HeaderValue, Message } from '../message.ts';
import type { Queue } from '../topology.ts';

export type DeathReason = 'rejected' | 'expired' | 'maxlen' | 'delivery_limit';

export interface Death {
  readonly queue: Queue;
  readonly reason: DeathReason;
  /** Seconds since 1970. */
  readonly time: number;
}

/**
 * The letter a queue republishes to its dead-letter exchange (rules 4.6.2 to 4.6.11): same payload, properties and event id,
 * the key of the queue if it names one, else all of the message's keys, and the death noted in `x-death`, where its expiration is kept.
 * `undefined` when the queue has no dead-letter exchange. A letter with a key of its own loses its CC header in dialect 3.13 (rule 4.6.4).
 */
export function deadLetter(message: Message, death: Death, dialect: Dialect): Message | undefined {
  const { deadLetterExchange, deadLetterRoutingKey } = death.queue;
  if (deadLetterExchange === undefined) return undefined;
  const hasOwnKey = deadLetterRoutingKey !== undefined;
  const { expiration: _, ...properties } = message.properties;
  const { expiresAt: __, bcc, ...rest } = message;
  const { CC, ...withoutCc } = recordDeath(message, death);
  const keepsCc = CC !== undefined && (!hasOwnKey || dialectRules[dialect].letterWithKeyKeepsCc);
  return {
    ...rest,
    properties,
    exchange: deadLetterExchange,
    routingKeys: hasOwnKey ? [deadLetterRoutingKey] : message.routingKeys,
    ...(bcc !== undefined && !hasOwnKey && { bcc }),
    headers: keepsCc ? { ...withoutCc, CC } : withoutCc,
  };
}

/**
 * Would the letter go round by itself? It has died in the queue before, and of nothing but time, length or its limit since (rules
 * 4.6.14, 4.6.15): one rejection on the way keeps a cycle alive.
 */
export function isCycle({ headers }: Message, { name }: Pick<Queue, 'name'>): boolean {
  const deaths = deathsIn(headers);
  const before = deaths.findIndex((death) => death['queue'] === name);
  return before >= 0 && deaths.slice(0, before + 1).every((death) => death['reason'] !== 'rejected');
}

function deathsIn(headers: Headers): Table[] {
  return Array.isArray(headers['x-death']) ? headers['x-death'].filter(isTable) : [];
}

function recordDeath(message: Message, { queue, reason, time }: Death): Headers {
  const deaths = deathsIn(message.headers);
  const isSamePair = (table: Table): boolean => table['queue'] === queue.name && table['reason'] === reason;
  const known = deaths.find(isSamePair);
  // Only the count of a known {queue, reason} changes: time, exchange and keys stay those of its first death (rule 4.6.10).
  const latest: Table = known
    ? { ...known, count: countOf(known) + 1 }
    : {
        count: 1,
        reason,
        queue: queue.name,
        time,
        exchange: message.exchange,
        'routing-keys': message.routingKeys,
        ...originalExpiration(message),
      };
  const last = { queue: queue.name, reason, exchange: message.exchange };
  // A history that a client began in dialect 3.13 is continued, and has no first death of ours (rule 4.6.12).
  const isFirst = !Array.isArray(message.headers['x-death']);
  return {
    ...message.headers,
    ...(isFirst && prefixed('x-first-death-', last)),
    ...prefixed('x-last-death-', last),
    'x-death': [latest, ...deaths.filter((table) => !isSamePair(table))],
  };
}

/** A client may give it any width, or leave it out (seen on 3.10.8). */
function countOf({ count = 0 }: Table): number {
  const { value } = amqpValue(count);
  return typeof value === 'number' ? value : 0;
}

/** RabbitMQ keeps the number, not the text it was published as. */
function originalExpiration({ properties: { expiration } }: Message): Headers {
  return expiration === undefined ? {} : { 'original-expiration': String(Number(expiration)) };
}

type Table = { readonly [key: string]: HeaderValue };

function isTable(value: HeaderValue): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function prefixed(prefix: string, values: Readonly<Record<string, string>>): Headers {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [prefix + key, value]));
}
