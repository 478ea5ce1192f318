import { EventEmitter } from 'node:events';
import type { Publisher } from '../broker/broker.ts';
import { PublishingChannel } from './publishing-channel.ts';

export interface ConnectOptions {
  /** Default: `/`. */
  readonly vhost?: string;
  /** Whom a message's `userId` must name. Default: `guest`. */
  readonly user?: string;
  readonly newEventId: () => string;
}

/**
 * A connection with the shape of amqplib's, for publishing: a producer changes where `connect` comes from. Consuming is Lambda's, and
 * declaring is a deployment's.
 */
export class PublishingConnection extends EventEmitter {
  private readonly publisher: Publisher;
  private readonly options: ConnectOptions;

  constructor(publisher: Publisher, options: ConnectOptions) {
    super();
    this.publisher = publisher;
    this.options = options;
  }

  async createChannel(): Promise<PublishingChannel> {
    return new PublishingChannel(this.publisher, this.options, false);
  }

  async createConfirmChannel(): Promise<PublishingChannel> {
    return new PublishingChannel(this.publisher, this.options, true);
  }

  async close(): Promise<void> {
    this.emit('close');
  }
}
