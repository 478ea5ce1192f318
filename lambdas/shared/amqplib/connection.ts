import { EventEmitter } from 'node:events';
import type { Topology } from '../../../rabbitmq/topology.ts';
import type { Publisher } from '../broker/broker.ts';
import { DeclaringChannel } from './declaring-channel.ts';
import { IllegalOperationError } from './errors.ts';

export interface ConnectOptions {
  /** Default: `/`. */
  readonly vhost?: string;
  /** Whom a message's `userId` must name. Default: `guest`. */
  readonly user?: string;
  /** The deployed one, which `publisher` routes by: what the channels' asserts are held against. */
  readonly topology: Topology;
  readonly newEventId: () => string;
  /**
   * Asked at each send, which ends by it: what has no answer by then is confirmed with an error, as unknown. Default: none, as with amqplib; a
   * function gives `() => deadlineOf(context)`, or `() => AbortSignal.timeout(5_000)`.
   */
  readonly deadline?: (() => AbortSignal) | undefined;
}

/**
 * A connection with the shape of amqplib's, for publishing: a producer changes where `connect` comes from. Consuming is Lambda's, and
 * declaring is a deployment's: an assert holds when the deployed topology has it so. Its event `error` hears of what a channel has no listener for.
 */
export class PublishingConnection extends EventEmitter {
  private readonly publisher: Publisher;
  private readonly options: ConnectOptions;
  private readonly channels = new Set<DeclaringChannel>();
  /** Why nothing more can be done with it. */
  private refusal: string | undefined;

  constructor(publisher: Publisher, options: ConnectOptions) {
    super();
    this.publisher = publisher;
    this.options = options;
  }

  async createChannel(): Promise<DeclaringChannel> {
    return this.open(false);
  }

  async createConfirmChannel(): Promise<DeclaringChannel> {
    return this.open(true);
  }

  /**
   * Once everything published on its channels is sent, and its publishers told: amqplib loses what a channel has not written yet. Rejects
   * with what nobody else is told.
   */
  async close(): Promise<void> {
    if (this.refusal) throw new IllegalOperationError(this.refusal);
    this.refusal = 'Connection closing';
    const ends = await Promise.allSettled([...this.channels].map((channel) => channel.end('Connection closing')));
    this.refusal = 'Connection closed (by client)';
    this.emit('close');
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  private open(confirms: boolean): DeclaringChannel {
    if (this.refusal) throw new IllegalOperationError(this.refusal);
    const channel = new DeclaringChannel({
      ...this.options,
      publisher: this.publisher,
      confirms,
      uncaught: (error) => this.emit('error', error),
    });
    this.channels.add(channel);
    channel.once('close', () => this.channels.delete(channel));
    return channel;
  }
}
