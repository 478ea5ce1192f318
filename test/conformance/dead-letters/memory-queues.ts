import type { Sendable } from '../../../lambdas/shared/broker/batches.ts';
import type { Delays } from '../../../lambdas/shared/broker/delays.ts';
import type { Depths } from '../../../lambdas/shared/broker/depths.ts';
import { decodeMessage, envelopeAttribute, type SqsMessage } from '../../../lambdas/shared/broker/envelope.ts';
import type { QueueSender } from '../../../lambdas/shared/broker/queue-sender.ts';
import type { SendOutcome } from '../../../lambdas/shared/broker/report.ts';
import type { Waiting } from '../../../lambdas/shared/broker/waiting.ts';
import type { Returns } from '../../../rabbitmq/dead-lettering/delivery-limit.ts';
import type { Message } from '../../../rabbitmq/message.ts';
import { whole } from '../../support/whole-message.ts';

/** A message in a queue of SQS. */
export interface Entry extends Returns {
  readonly sqs: SqsMessage;
  readonly message: Message;
  /** When it can be received; milliseconds since 1970. */
  readonly visibleAt: number;
}

/** SQS and what is kept outside of it, in memory, on a clock that goes as far as what is taken asks for. */
export class MemoryQueues implements QueueSender, Delays, Depths {
  now = 10_000;
  private waiting: Waiting[] = [];
  private readonly entries: ReadonlyMap<string, Entry[]>;

  constructor(names: readonly string[]) {
    this.entries = new Map(names.map((name) => [name, []]));
  }

  async send(queue: string, messages: readonly Sendable[]): Promise<SendOutcome[]> {
    const entries = this.of(queue);
    for (const { encode } of messages) {
      const sqs = await encode();
      const attribute = sqs.MessageAttributes[envelopeAttribute]?.StringValue ?? '';
      const message = whole(decodeMessage(sqs.MessageBody, attribute, 'sqs'));
      entries.push({ sqs, message, visibleAt: this.now + (sqs.DelaySeconds ?? 0) * 1000, returned: 0, failed: 0 });
    }
    entries.sort((one, other) => one.visibleAt - other.visibleAt);
    return messages.map(() => ({ outcome: 'stored', sqsMessageId: 'sqs' }));
  }

  async keep(waiting: readonly Waiting[]): Promise<SendOutcome[]> {
    this.waiting.push(...waiting);
    return waiting.map(() => ({ outcome: 'stored', schedule: 'wait' }));
  }

  /** How many a consumer could receive. */
  lengthOf(queue: string): number {
    return this.of(queue).filter(({ visibleAt }) => visibleAt <= this.now).length;
  }

  async ready({ name }: { readonly name: string }): Promise<number> {
    return this.lengthOf(name);
  }

  /** In the order they come. */
  of(queue: string): Entry[] {
    const entries = this.entries.get(queue);
    if (!entries) throw new Error(`there is no queue '${queue}'`);
    return entries;
  }

  take(queue: string): Entry | undefined {
    const entry = this.of(queue).shift();
    if (entry) this.now = Math.max(this.now, entry.visibleAt);
    return entry;
  }

  putBack(queue: string, entry: Entry): void {
    this.of(queue).unshift(entry);
  }

  /** All that expires in the queue, once it has. */
  takeExpired(queue: string): Entry[] {
    const entries = this.of(queue);
    const { expiring = [], lasting = [] } = Object.groupBy(entries, ({ message }) =>
      message.expiresAt === undefined ? 'lasting' : 'expiring',
    );
    entries.splice(0, entries.length, ...lasting);
    this.now = Math.max(this.now, ...expiring.map(({ message }) => message.expiresAt ?? 0));
    return expiring;
  }

  /** Until all that is delayed has come. */
  passDelays(): void {
    for (const entries of this.entries.values()) this.now = Math.max(this.now, ...entries.map((one) => one.visibleAt));
  }

  /** All that is kept outside of the queues, once it is due. */
  takeDue(): Waiting[] {
    const due = this.waiting.toSorted((one, other) => one.dueAt - other.dueAt);
    this.waiting = [];
    this.now = Math.max(this.now, ...due.map(({ dueAt }) => dueAt));
    return due;
  }
}
