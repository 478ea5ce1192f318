import type { Options } from 'amqplib';
import { createDeclarations, type Declarations } from '../../../rabbitmq/declaring/declarations.ts';
import { encodeArguments } from './encode-arguments.ts';
import { type Method, NotHereError } from './errors.ts';
import { shortString } from './fields.ts';
import { PublishingChannel, type PublishingChannelOptions } from './publishing-channel.ts';

const queueDeclare: Method = { name: 'QueueDeclare', classId: 50, methodId: 10 };
const queueBind: Method = { name: 'QueueBind', classId: 50, methodId: 20 };
const exchangeDeclare: Method = { name: 'ExchangeDeclare', classId: 40, methodId: 10 };
const exchangeBind: Method = { name: 'ExchangeBind', classId: 40, methodId: 30 };

const consuming = 'a consumer is a function of its own (README, "Your own queue and consumer")';
const declaring = 'what is deployed is what definitions.json declares: change it there and deploy';

/** What amqplib's channels have besides, by what there is instead. */
const leftOut: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['consume', 'cancel', 'get', 'ack', 'ackAll', 'nack', 'nackAll'].map((one) => [one, consuming]),
  ),
  ...Object.fromEntries(['reject', 'recover', 'prefetch', 'qos'].map((one) => [one, consuming])),
  ...Object.fromEntries(
    ['deleteQueue', 'unbindQueue', 'deleteExchange', 'unbindExchange'].map((one) => [one, declaring]),
  ),
  purgeQueue: 'purge the SQS queue (aws sqs purge-queue)',
};

/**
 * A publishing channel that also answers what producers ask when they start: it declares nothing, but says as a broker would whether
 * what is asserted is there, and is so. A class of its own, and not a port of the channel: amqplib's methods are all on one object. Those it
 * does not have throw a `NotHereError`; types leave them out.
 */
export class DeclaringChannel extends PublishingChannel {
  private readonly declarations: Declarations;

  constructor(options: PublishingChannelOptions) {
    super(options);
    this.declarations = createDeclarations(options.topology, options.vhost ?? '/');
    for (const [name, instead] of Object.entries(leftOut)) {
      Object.defineProperty(this, name, {
        value: () => {
          throw new NotHereError(`channel.${name}`, instead);
        },
      });
    }
  }

  /** Without the counts of amqplib's answer: only SQS knows them, and about. */
  async checkQueue(queue: string): Promise<{ queue: string }> {
    const name = nameOf('queue', queue);
    return this.call(queueDeclare, () => {
      this.declarations.checkQueue(name);
      return { queue: name };
    });
  }

  async assertQueue(queue: string, options?: Options.AssertQueue | null): Promise<{ queue: string }> {
    const name = nameOf('queue', queue);
    if (name === '') throw new NotHereError('a queue that its server names', declaring);
    const { durable = true, autoDelete = false, exclusive = false, arguments: table } = options ?? {};
    const asserted = { ...Object(table), ...queueArguments(options ?? {}) };
    return this.call(queueDeclare, () => {
      this.declarations.assertQueue({
        name,
        durable: Boolean(durable),
        autoDelete: Boolean(autoDelete),
        exclusive: Boolean(exclusive),
        arguments: encodeArguments(asserted),
      });
      return { queue: name };
    });
  }

  async checkExchange(exchange: string): Promise<object> {
    const name = nameOf('exchange', exchange);
    return this.call(exchangeDeclare, () => {
      this.declarations.checkExchange(name);
      return {};
    });
  }

  async assertExchange(
    exchange: string,
    type = 'direct',
    options?: Options.AssertExchange | null,
  ): Promise<{ exchange: string }> {
    const name = nameOf('exchange', exchange);
    const { durable = true, autoDelete = false, internal = false, alternateExchange, arguments: table } = options ?? {};
    const asserted = {
      ...Object(table),
      ...(alternateExchange !== undefined && { 'alternate-exchange': alternateExchange }),
    };
    return this.call(exchangeDeclare, () => {
      this.declarations.assertExchange({
        name,
        type,
        durable: Boolean(durable),
        autoDelete: Boolean(autoDelete),
        internal: Boolean(internal),
        arguments: encodeArguments(asserted),
      });
      return { exchange: name };
    });
  }

  async bindQueue(queue: string, source: string, pattern: string, table?: object): Promise<object> {
    return this.bind(queueBind, 'queue', { destination: queue, source, pattern, table });
  }

  async bindExchange(destination: string, source: string, pattern: string, table?: object): Promise<object> {
    return this.bind(exchangeBind, 'exchange', { destination, source, pattern, table });
  }

  private bind(
    method: Method,
    destinationType: 'queue' | 'exchange',
    { destination, source, pattern, table }: Bound,
  ): Promise<object> {
    const binding = {
      destinationType,
      destination: nameOf(destinationType, destination),
      source: nameOf('exchange', source),
      bindingKey: nameOf('routingKey', pattern),
      arguments: encodeArguments(table ?? {}),
    };
    return this.call(method, () => {
      this.declarations.assertBinding(binding);
      return {};
    });
  }
}

interface Bound {
  readonly destination: string;
  readonly source: string;
  readonly pattern: string;
  readonly table: object | undefined;
}

/** amqplib's options that stand for arguments (its api_args.js). */
function queueArguments(options: Options.AssertQueue & { overflow?: string; queueMode?: string }): object {
  const table = {
    'x-expires': options.expires,
    'x-message-ttl': options.messageTtl,
    'x-dead-letter-exchange': options.deadLetterExchange,
    'x-dead-letter-routing-key': options.deadLetterRoutingKey,
    'x-max-length': options.maxLength,
    'x-max-priority': options.maxPriority,
    'x-overflow': options.overflow,
    'x-queue-mode': options.queueMode,
  };
  return Object.fromEntries(Object.entries(table).filter(([, value]) => value !== undefined));
}

/** Undefined is the empty one; null is wrong. */
function nameOf(field: string, value: unknown): string {
  return shortString(field, value === null ? {} : value) ?? '';
}
