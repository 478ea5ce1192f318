import { EventEmitter } from 'node:events';
import type { Options } from 'amqplib';
import type { Message } from '../../../rabbitmq/message.ts';
import { ChannelError } from '../../../rabbitmq/publishing/channel-error.ts';
import type { Publisher } from '../broker/broker.ts';
import { type Channel, type Flushed, openChannel } from '../broker/channel.ts';
import type { ConnectOptions } from './connection.ts';
import { OutcomeUnknownError } from './errors.ts';
import { returnOf } from './returned-message.ts';
import { toMessage } from './to-message.ts';

type Confirmed = (error: Error | null) => void;

interface Open {
  readonly message: Message;
  readonly content: Buffer;
  confirmed: Confirmed;
}

/**
 * A channel with the shape of amqplib's. Messages that are published in one turn of the event loop are sent together, ten to a call. Events:
 * `return` with the message, `error` and then `close` when an error closes it, as amqplib emits them.
 */
export class PublishingChannel extends EventEmitter {
  private readonly channel: Channel;
  private readonly options: ConnectOptions;
  private readonly confirms: boolean;
  /** Published and not settled, in order. */
  private open: Open[] = [];
  private isClosed = false;
  /** The reason is known, and told once everything before it is. */
  private isClosing = false;
  private sending: Promise<void> = Promise.resolve();
  private isScheduled = false;
  private isClosedUnconfirmed = false;

  constructor(publisher: Publisher, options: ConnectOptions, confirms: boolean) {
    super();
    this.channel = openChannel(publisher, { user: options.user ?? 'guest' });
    this.options = options;
    this.confirms = confirms;
    if (confirms) this.channel.selectConfirm();
  }

  /** `confirmed` hears of an ack with null, of anything else with an error. Throws on a closed channel, and for what amqplib cannot encode. */
  publish(
    exchange: string,
    routingKey: string,
    content: Buffer,
    options?: Options.Publish | null,
    confirmed?: Confirmed | null,
  ): boolean {
    if (this.isClosed) throw new Error('Channel closed');
    if (!Buffer.isBuffer(content)) throw new TypeError('content is not a buffer');
    const { vhost = '/', newEventId } = this.options;
    const message = toMessage({ vhost, exchange, routingKey, content, options: options ?? {}, eventId: newEventId() });
    if (!this.isClosing) this.accept(message, options ?? {});
    // Not before it is accepted: what throws is no message of this channel, and no confirm is counted for it.
    this.open.push({ message, content, confirmed: confirmed ?? (() => {}) });
    this.schedule();
    return true;
  }

  sendToQueue(queue: string, content: Buffer, options?: Options.Publish | null, confirmed?: Confirmed | null): boolean {
    return this.publish('', queue, content, options, confirmed);
  }

  /** Once everything published so far is acked; rejects with the first that is not. On a channel without confirms: once it is sent. */
  async waitForConfirms(): Promise<void> {
    if (this.isClosedUnconfirmed) throw new Error('channel closed');
    await (this.confirms ? Promise.all(this.open.map(untilConfirmed)) : this.settled());
  }

  async close(): Promise<void> {
    await this.settled();
    if (this.isClosed) throw new Error('Channel closed');
    this.isClosed = true;
    this.emit('close');
  }

  private accept(message: Message, { mandatory = false }: Options.Publish): void {
    try {
      this.channel.publish(message, { mandatory });
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      this.isClosing = true;
    }
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.sending = this.sending.then(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      this.isScheduled = false;
      this.tell(await this.channel.flush());
    });
  }

  private async settled(): Promise<void> {
    while (this.isScheduled) await this.sending;
    await this.sending;
  }

  private tell({ events, reports }: Flushed): void {
    const settled = this.open.splice(0, reports.length);
    const returned = new Set(events.flatMap((event) => (event.method === 'basic.return' ? [event.message_id] : [])));
    for (const [at, { message, content, confirmed }] of settled.entries()) {
      if (returned.has(message.properties.message_id)) this.emit('return', returnOf(message, content));
      if (this.confirms) confirmed(failureOf(reports[at]?.confirm));
    }
    for (const event of events) {
      if (event.method === 'channel.close') this.fail(event.reply_code, event.reply_text);
    }
  }

  private fail(code: number, text: string): void {
    this.isClosed = true;
    const left = this.open.splice(0);
    this.isClosedUnconfirmed = this.confirms && left.length > 0;
    const name = (/^[A-Z_]+/.exec(text)?.[0] ?? '').replaceAll('_', '-');
    const error = new Error(`Channel closed by server: ${code} (${name}) with message "${text}"`);
    this.emit('error', Object.assign(error, { code, classId: 60, methodId: 40 }));
    if (this.confirms) for (const { confirmed } of left) confirmed(new Error('channel closed'));
    this.emit('close');
  }
}

/** Undefined and anything else that is no ack or nack: nobody said. */
function failureOf(confirm: string | undefined): Error | null {
  if (confirm === 'ack') return null;
  if (confirm === 'nack') return new Error('message nacked');
  return new OutcomeUnknownError('SQS did not say whether it has stored the message: publish it again, same messageId');
}

function untilConfirmed(open: Open): Promise<void> {
  return new Promise((resolve, reject) => {
    const { confirmed } = open;
    open.confirmed = (error) => {
      confirmed(error);
      if (error) reject(error);
      else resolve();
    };
  });
}
