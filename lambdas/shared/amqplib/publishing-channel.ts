import { EventEmitter } from 'node:events';
import type { Options } from 'amqplib';
import type { ClientMessage } from '../../../rabbitmq/message.ts';
import { ChannelError } from '../../../rabbitmq/publishing/channel-error.ts';
import type { Publisher } from '../broker/broker.ts';
import { type Channel, openChannel } from '../broker/channel.ts';
import type { ConnectOptions } from './connection.ts';
import {
  basicPublish,
  closedByServer,
  IllegalOperationError,
  type Method,
  OutcomeUnknownError,
  operationFailed,
} from './errors.ts';
import { type Confirmed, type Open, untilConfirmed } from './open-message.ts';
import { nobodySaid, type Outcome, outcomeOf } from './outcome.ts';
import { returnOf } from './returned-message.ts';
import { toMessage } from './to-message.ts';

export interface PublishingChannelOptions extends ConnectOptions {
  readonly publisher: Publisher;
  readonly confirms: boolean;
  /** Hears of what a listener threw, and of an `error` that nobody listens to. */
  readonly uncaught: (error: unknown) => void;
}

const channelClosed = 'Channel closed';

/**
 * A channel with the shape of amqplib's. Messages that are published in one turn of the event loop are sent together, ten to a call. Events:
 * `return` with the message, `error` and then `close` when an error closes it, `handler-error` with what a listener or a callback threw, as
 * amqplib emits them.
 */
export class PublishingChannel extends EventEmitter {
  private readonly channel: Channel;
  private readonly options: PublishingChannelOptions;
  /** In the order of publishing, the lost ones last. */
  private open: Open[] = [];
  /** Why nothing more is published on it. */
  private refusal: string | undefined;
  private ending: Promise<void> | undefined;
  /** Known when it is published, told once everything before it is. */
  private closedBy: { readonly reason: ChannelError; readonly method: Method } | undefined;
  /** What no callback is there to hear of. */
  private failure: Error | undefined;
  private sending: Promise<void> = Promise.resolve();
  private isScheduled = false;
  private isClosedUnconfirmed = false;

  constructor(options: PublishingChannelOptions) {
    super();
    this.channel = openChannel(options.publisher, { user: options.user ?? 'guest' });
    this.options = options;
    if (options.confirms) this.channel.selectConfirm();
  }

  /** `confirmed` hears of an ack with null, of anything else with an error. Throws on a closed channel, and for what amqplib cannot encode. */
  publish(
    exchange: string,
    routingKey: string,
    content: Buffer,
    options?: Options.Publish | null,
    confirmed?: Confirmed | null,
  ): boolean {
    if (this.refusal) throw new IllegalOperationError(this.refusal);
    if (!Buffer.isBuffer(content)) throw new TypeError('content is not a buffer');
    const { vhost = '/', newEventId } = this.options;
    const message = toMessage({ vhost, exchange, routingKey, content, options: options ?? {}, eventId: newEventId() });
    const mandatory = Boolean(options?.mandatory);
    const isLost = !this.accepts(message, mandatory);
    // Not before it is accepted: what throws is no message of this channel, and no confirm is counted for it.
    this.open.push({ message, content, mandatory, isLost, confirmed: confirmed ?? (() => {}) });
    this.schedule();
    return true;
  }

  sendToQueue(queue: string, content: Buffer, options?: Options.Publish | null, confirmed?: Confirmed | null): boolean {
    return this.publish('', queue, content, options, confirmed);
  }

  /** Once everything published so far is acked; rejects with the first that is not. On a channel without confirms: once it is sent. */
  async waitForConfirms(): Promise<void> {
    if (this.isClosedUnconfirmed) throw new Error('channel closed');
    if (this.options.confirms) return void (await Promise.all(this.open.map(untilConfirmed)));
    await this.settled();
    if (this.failure) throw this.failure;
  }

  /** Once everything published on it is sent, and its publisher told. Rejects with what nobody else is told. */
  async close(): Promise<void> {
    if (this.refusal) throw new IllegalOperationError(this.refusal);
    await this.end('Channel closing');
  }

  /** What `close` does, also while it is being done; for the channel's connection. `refusal` is what publishes are told meanwhile. */
  end(refusal: string): Promise<void> {
    this.ending ??= this.closed(refusal);
    return this.ending;
  }

  private async closed(refusal: string): Promise<void> {
    this.refusal ??= refusal;
    await this.settled();
    if (this.refusal !== channelClosed) {
      this.refusal = channelClosed;
      this.tell('close', () => this.emit('close'));
    }
    if (this.failure) throw this.failure;
  }

  private accepts(message: ClientMessage, mandatory: boolean): boolean {
    if (this.closedBy) return false;
    try {
      this.channel.publish(message, { mandatory });
      return true;
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      this.closedBy = { reason: error, method: basicPublish };
      return false;
    }
  }

  /**
   * A method that a broker answers: once everything published before it is sent, as a broker answers in order. `answer` is asked at once, so
   * that what is published behind an error is lost; a `ChannelError` closes the channel.
   */
  protected async call<Reply>(method: Method, answer: () => Reply): Promise<Reply> {
    if (this.refusal) throw new IllegalOperationError(this.refusal);
    if (this.closedBy) {
      await this.settled();
      throw new Error('Channel ended, no reply will be forthcoming');
    }
    try {
      return answer();
    } catch (reason) {
      if (!(reason instanceof ChannelError)) throw reason;
      this.closedBy = { reason, method };
      this.schedule();
      throw operationFailed(reason, method);
    } finally {
      await this.settled();
    }
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.sending = this.sending.then(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      this.isScheduled = false;
      await this.send();
    });
  }

  private async settled(): Promise<void> {
    while (this.isScheduled) await this.sending;
    await this.sending;
  }

  private async send(): Promise<void> {
    const accepted = this.open.filter(({ isLost }) => !isLost).length;
    const outcomes = await this.flushed();
    for (const [at, open] of this.open.splice(0, accepted).entries()) this.settle(open, outcomes[at] ?? nobodySaid());
    const isLastTold = this.open.every(({ isLost }) => isLost);
    if (this.closedBy && isLastTold && this.refusal !== channelClosed) this.fail(this.closedBy);
  }

  private async flushed(): Promise<Outcome[]> {
    try {
      const { reports } = await this.channel.flush(this.options.deadline?.());
      return reports.map(outcomeOf);
    } catch (error) {
      if (!this.options.confirms) this.failure = new OutcomeUnknownError({ cause: error });
      return this.open.map(() => nobodySaid({ cause: error }));
    }
  }

  private settle({ message, content, mandatory, confirmed }: Open, { failure, isUnroutable }: Outcome): void {
    if (mandatory && isUnroutable) this.tell('return', () => this.emit('return', returnOf(message, content)));
    if (this.options.confirms) this.tell(failure ? 'nack' : 'ack', () => confirmed(failure));
  }

  private fail({ reason, method }: NonNullable<typeof this.closedBy>): void {
    this.refusal = channelClosed;
    const lost = this.open.splice(0);
    this.isClosedUnconfirmed = this.options.confirms && lost.length > 0;
    const error = closedByServer(reason, method);
    // While a channel is being closed amqplib drops what its server says; here `close` rejects with it.
    if (this.ending) this.failure = error;
    else this.tell('error', () => this.emit('error', error));
    if (this.options.confirms) {
      for (const { confirmed } of lost) this.tell('close', () => confirmed(new Error('channel closed')));
    }
    this.tell('close', () => this.emit('close'));
  }

  /** What a listener throws keeps nobody else from being told. It goes to `handler-error`, else to the connection, as with amqplib. */
  private tell(event: string, listeners: () => unknown): void {
    try {
      listeners();
    } catch (error) {
      setImmediate(() => {
        if (this.listenerCount('handler-error') > 0) this.emit('handler-error', error, event);
        else this.options.uncaught(error);
      });
    }
  }
}
