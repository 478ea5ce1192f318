import { createBroker } from '../../../../../lambdas/shared/broker/broker.ts';
import type { Delays } from '../../../../../lambdas/shared/broker/delays.ts';
import { decodeRecord, type SqsMessage } from '../../../../../lambdas/shared/broker/envelope.ts';
import type { QueueSender, SendOutcome } from '../../../../../lambdas/shared/broker/queue-sender.ts';
import type { Waiting } from '../../../../../lambdas/shared/broker/waiting.ts';
import type { Topology } from '../../../../../rabbitmq/topology.ts';
import { noDelays } from '../../../../support/no-delays.ts';
import { bindQueue, exchange, queue, topology } from '../../../rabbitmq/topology-builders.ts';
import { recordOf } from '../../builders.ts';

/** Two vhosts; `inside` is internal. */
export const shop = topology({
  exchanges: [
    exchange('payments', 'topic'),
    exchange('inside', 'fanout', { internal: true }),
    exchange('payments', 'fanout', { vhost: 'other' }),
  ],
  queues: [queue('orders'), queue('audit'), queue('ledger'), queue('orders', { vhost: 'other' })],
  bindings: [
    bindQueue('payments', 'orders', 'payment.*'),
    bindQueue('payments', 'audit', 'payment.#'),
    bindQueue('payments', 'ledger', 'ledger.#'),
    bindQueue('inside', 'ledger'),
    bindQueue('payments', 'orders', '', 'other'),
  ],
});

/** Stores everything, but answers what it is told for the queues named. */
export class FakeSender implements QueueSender {
  readonly sent: [url: string, messages: readonly SqsMessage[]][] = [];
  private readonly answers: Readonly<Record<string, readonly SendOutcome[]>>;

  constructor(answers: Readonly<Record<string, readonly SendOutcome[]>> = {}) {
    this.answers = answers;
  }

  async send(url: string, messages: readonly SqsMessage[]): Promise<SendOutcome[]> {
    this.sent.push([url, messages]);
    return messages.map((_, at) => this.answers[url]?.[at] ?? stored);
  }
}

export const stored: SendOutcome = { outcome: 'stored', sqsMessageId: 'sqs' };
export const refused: SendOutcome = { outcome: 'refused', reason: 'too large' };
export const unknown: SendOutcome = { outcome: 'unknown', reason: 'timeout' };

/** Keeps everything, and remembers it. */
export class FakeDelays implements Delays {
  readonly kept: Waiting[] = [];

  async keep(waiting: readonly Waiting[]): Promise<SendOutcome[]> {
    this.kept.push(...waiting);
    return waiting.map(() => scheduled);
  }
}

export const scheduled: SendOutcome = { outcome: 'stored', schedule: 'wait' };

/** `queueUrl` is `vhost|name`; the time is 10 seconds after the epoch. */
export function brokerOn(sender: QueueSender, on: Topology = shop, delays: Delays = noDelays) {
  return createBroker({
    topology: on,
    queueUrl: ({ vhost, name }) => `${vhost}|${name}`,
    sender,
    delays,
    now: () => new Date(10_000),
    random: () => 0,
  });
}

export const decoded = (one: SqsMessage | undefined) =>
  one && decodeRecord(recordOf(one), { vhost: '/', name: 'orders' });
