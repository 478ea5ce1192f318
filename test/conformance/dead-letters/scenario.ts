import type { Options } from 'amqplib';
import { binding, exchange, type policy, queue } from '../defined.ts';
import type { KnownDifference } from './known-differences.ts';

/** What somebody does, one after the other. */
export type Step = Publish | { readonly act: ConsumerAct | 'expire'; readonly queue: string };

export interface Publish {
  readonly act: 'publish';
  /** Its message id, and its content. */
  readonly label: string;
  readonly exchange: string;
  readonly key: string;
  readonly options: Options.Publish;
}

/**
 * A consumer takes the first message of a queue, and says this, or is gone with its channel (`crash`). `expire`: time passes until everything
 * that expires there has expired.
 */
export type ConsumerAct = 'ack' | 'reject' | 'nack' | 'reject and requeue' | 'nack and requeue' | 'crash';

export interface Scenario {
  /** Says what happens, and which rules say that it does. */
  readonly name: string;
  readonly exchanges?: readonly ReturnType<typeof exchange>[];
  readonly queues: readonly ReturnType<typeof queue>[];
  readonly bindings?: readonly ReturnType<typeof binding>[];
  readonly policies?: readonly ReturnType<typeof policy>[];
  readonly steps: readonly Step[];
  /** Messages that RabbitMQ drops and Warren does not: they stay, or their publisher is told. */
  readonly kept?: readonly string[];
  /** Of brokers of some versions. */
  readonly differs?: readonly KnownDifference[];
}

/** To the queue, by the default exchange. */
export const publish = (queue: string, options: Options.Publish = {}, label = 'm'): Step =>
  publishTo('', queue, options, label);

export const publishTo = (exchange: string, key: string, options: Options.Publish = {}, label = 'm'): Step => ({
  act: 'publish',
  label,
  exchange,
  key,
  options,
});

export const ack = (queue: string): Step => ({ act: 'ack', queue });
export const reject = (queue: string): Step => ({ act: 'reject', queue });
export const nack = (queue: string): Step => ({ act: 'nack', queue });
export const expire = (queue: string): Step => ({ act: 'expire', queue });
export const crash = (queue: string): Step => ({ act: 'crash', queue });
export const requeue = (how: 'reject' | 'nack', queue: string, times: number): Step[] =>
  Array.from({ length: times }, () => ({ act: `${how} and requeue`, queue }));

/** A queue with a dead-letter exchange, and a key where one is named. */
export const dying = (name: string, deadLetterExchange: string, key?: string, args: object = {}) =>
  queue(name, {
    'x-dead-letter-exchange': deadLetterExchange,
    ...(key !== undefined && { 'x-dead-letter-routing-key': key }),
    ...args,
  });

/** What most scenarios have: `dlx`, a fanout exchange, and `dead`, bound to it. */
export const graveyard = {
  exchanges: [exchange('dlx', 'fanout')],
  bindings: [binding('dlx', 'dead')],
} as const;

export const quorum = { 'x-queue-type': 'quorum' } as const;
export const ttl = (milliseconds: number) => ({ 'x-message-ttl': milliseconds });
export const limit = (deliveries: number) => ({ ...quorum, 'x-delivery-limit': deliveries });

/** Milliseconds: long enough for a message to be seen before it expires. */
export const soon = 60;
/** Longer than any scenario. */
export const late = 600_000;

export const definitionsOf = ({ exchanges = [], queues, bindings = [], policies = [] }: Scenario) => ({
  exchanges,
  queues,
  bindings,
  policies,
});

export const namesOf = ({ queues }: Scenario): string[] => queues.map(({ name }) => name);

/** Of 4.3. */
export const countGoesAlong =
  'The count of failed deliveries goes along with a letter, and the limit of the next quorum queue counts from there (rabbit_fifo.erl, ' +
  'maybe_set_msg_delivery_count/2). Each queue of SQS counts its own.';
