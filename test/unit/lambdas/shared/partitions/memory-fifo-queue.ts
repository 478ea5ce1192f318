import type { SQSRecord } from 'aws-lambda';
import type { SqsMessage } from '../../../../../lambdas/shared/broker/envelope.ts';
import { recordOf } from '../../builders.ts';

interface Held {
  readonly id: string;
  readonly message: SqsMessage;
  readonly sentAt: number;
  visibleAt: number;
  receives: number;
}

/** A FIFO queue as SQS has it: nothing of a group is handed out while one of it is hidden, and what comes twice within five minutes is taken once. */
export class MemoryFifoQueue {
  readonly dead: SqsMessage[] = [];
  private readonly groups = new Map<string, Held[]>();
  private readonly taken = new Map<string, number>();
  private readonly name: string;
  private readonly now: () => number;
  private readonly random: () => number;
  private readonly maxReceives: number;
  private sent = 0;

  constructor(name: string, now: () => number, random: () => number, maxReceives = 1000) {
    this.name = name;
    this.now = now;
    this.random = random;
    this.maxReceives = maxReceives;
  }

  get size(): number {
    return [...this.groups.values()].reduce((sum, { length }) => sum + length, 0);
  }

  send(message: SqsMessage): void {
    const { MessageGroupId: group = '', MessageDeduplicationId: id = '' } = message;
    const before = this.taken.get(id);
    if (before !== undefined && this.now() - before < 300_000) return;
    this.taken.set(id, this.now());
    const held = { id: `${this.name} ${++this.sent}`, message, sentAt: this.now(), visibleAt: 0, receives: 0 };
    this.groups.set(group, [...(this.groups.get(group) ?? []), held]);
  }

  receive(most: number, hiddenMs: number): SQSRecord[] {
    const found: Held[] = [];
    const groups = [...this.groups.values()];
    const from = Math.floor(this.random() * groups.length);
    for (const group of [...groups.slice(from), ...groups.slice(0, from)]) {
      if (group.some(({ visibleAt }) => visibleAt > this.now())) continue;
      for (const one of group.splice(0)) {
        if (one.receives < this.maxReceives) group.push(one);
        else this.dead.push(one.message);
      }
      found.push(...group.slice(0, most - found.length));
      if (found.length === most) break;
    }
    return found.map((one) => {
      one.receives += 1;
      one.visibleAt = this.now() + hiddenMs;
      return {
        ...recordOf(one.message),
        messageId: one.id,
        receiptHandle: `${one.id} ${one.receives}`,
        attributes: {
          ApproximateReceiveCount: String(one.receives),
          SentTimestamp: String(one.sentAt),
          SenderId: '',
          ApproximateFirstReceiveTimestamp: '',
          MessageGroupId: one.message.MessageGroupId ?? '',
        },
      };
    });
  }

  hide(receipt: string, seconds: number): void {
    const one = this.inHand(receipt);
    if (one) one.visibleAt = this.now() + seconds * 1000;
  }

  /** Nothing happens when somebody else has it in hand by now. */
  delete(receipt: string): void {
    const one = this.inHand(receipt);
    const group = this.groups.get(one?.message.MessageGroupId ?? '');
    if (one && group) group.splice(group.indexOf(one), 1);
    if (one && group?.length === 0) this.groups.delete(one.message.MessageGroupId ?? '');
  }

  /** As if a marker had died: of whatever is for a group. */
  lose(isLost: (message: SqsMessage) => boolean): void {
    for (const group of this.groups.values())
      group.splice(0, group.length, ...group.filter((one) => !isLost(one.message)));
  }

  private inHand(receipt: string): Held | undefined {
    for (const group of this.groups.values()) {
      const one = group.find(({ id, receives }) => `${id} ${receives}` === receipt);
      if (one) return one;
    }
    return undefined;
  }
}
