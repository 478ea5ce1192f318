import type { SQSRecord } from 'aws-lambda';
import type { SqsMessage } from '../../../lambdas/shared/broker/envelope.ts';
import type { Source } from '../../../lambdas/shared/consumer/sqs-source.ts';
import { recordOf } from './builders.ts';

interface Held {
  readonly record: SQSRecord;
  isHidden: boolean;
  receives: number;
}

/** One SQS queue in memory, oldest first: ten at a time, hidden until they are shown again or a test says that the time is over. */
export class MemoryQueue implements Source {
  private readonly held = new Map<string, Held>();
  /** Receives that found something. */
  batches = 0;
  /** How many deletes end in an error. */
  refusedRemovals = 0;
  /** Seconds each receive asked for. */
  readonly hiddenSeconds: number[] = [];

  put(messageId: string, sentAt: Date, message: SqsMessage): void {
    const record = recordOf(message, { messageId, receiptHandle: messageId });
    const attributes = { ...record.attributes, SentTimestamp: String(sentAt.getTime()) };
    this.held.set(messageId, { record: { ...record, attributes }, isHidden: false, receives: 0 });
  }

  async receive(hiddenSeconds: number, most = 10): Promise<SQSRecord[]> {
    this.hiddenSeconds.push(hiddenSeconds);
    const batch = [...this.held.values()].filter(({ isHidden }) => !isHidden).slice(0, most);
    for (const one of batch) {
      one.isHidden = true;
      one.receives++;
    }
    if (batch.length > 0) this.batches++;
    return batch.map(({ record }) => record);
  }

  async hide({ receiptHandle }: SQSRecord, seconds: number): Promise<void> {
    const one = this.held.get(receiptHandle);
    if (one) one.isHidden = seconds > 0;
  }

  async remove({ receiptHandle }: SQSRecord): Promise<void> {
    if (this.refusedRemovals-- > 0) throw new Error('SQS does not answer');
    this.held.delete(receiptHandle);
  }

  /** The time for which messages were hidden is over. */
  showAll(): void {
    for (const one of this.held.values()) one.isHidden = false;
  }

  get visible(): string[] {
    return [...this.held.values()].filter(({ isHidden }) => !isHidden).map(({ record }) => record.messageId);
  }

  get all(): string[] {
    return [...this.held.keys()];
  }

  receivesOf(messageId: string): number {
    return this.held.get(messageId)?.receives ?? 0;
  }
}
