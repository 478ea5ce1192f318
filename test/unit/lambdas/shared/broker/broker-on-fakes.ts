import type { Sendable } from '../../../../../lambdas/shared/broker/batches.ts';
import { createBroker } from '../../../../../lambdas/shared/broker/broker.ts';
import type { Claims } from '../../../../../lambdas/shared/broker/claim-check.ts';
import type { Delays } from '../../../../../lambdas/shared/broker/delays.ts';
import { decodeRecord, type SqsMessage } from '../../../../../lambdas/shared/broker/envelope.ts';
import type { OverflowGate } from '../../../../../lambdas/shared/broker/overflow-gate.ts';
import type { QueueSender } from '../../../../../lambdas/shared/broker/queue-sender.ts';
import type { SendOutcome } from '../../../../../lambdas/shared/broker/report.ts';
import type { Waiting } from '../../../../../lambdas/shared/broker/waiting.ts';
import type { Message } from '../../../../../rabbitmq/message.ts';
import { bodyBytesLimits } from '../../../../../rabbitmq/publishing/publish.ts';
import type { Topology } from '../../../../../rabbitmq/topology.ts';
import { noClaims } from '../../../../support/no-claims.ts';
import { noDelays } from '../../../../support/no-delays.ts';
import { whole } from '../../../../support/whole-message.ts';
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

  async send(url: string, messages: readonly Sendable[]): Promise<SendOutcome[]> {
    const encoded = await Promise.allSettled(messages.map(({ encode }) => encode()));
    this.sent.push([url, encoded.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))]);
    return encoded.map((one, at) =>
      one.status === 'rejected'
        ? { outcome: 'refused', reason: String(one.reason) }
        : (this.answers[url]?.[at] ?? stored),
    );
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

/** What a broker cannot take: each as if there were nothing like it, unless a test says otherwise. */
interface Limits {
  readonly claims?: Pick<Claims, 'keep'>;
  readonly gate?: OverflowGate;
  readonly maxBodyBytes?: number;
}

const noLimits: OverflowGate = async () => {
  throw new Error('no queue here has a limit');
};

/** `queueUrl` is `vhost|name`; the time is 10 seconds after the epoch. */
export function brokerOn(sender: QueueSender, on: Topology = shop, delays: Delays = noDelays, limits: Limits = {}) {
  return createBroker({
    topology: on,
    queueUrl: ({ vhost, name }) => `${vhost}|${name}`,
    sender,
    delays,
    claims: noClaims,
    gate: noLimits,
    maxBodyBytes: bodyBytesLimits.usual,
    ...limits,
    now: () => new Date(10_000),
    random: () => 0,
  });
}

/** What a queue holds, whose body is in it. */
export function decoded(one: SqsMessage | undefined): Message | undefined {
  return one && whole(decodeRecord(recordOf(one), { vhost: '/', name: 'orders' }));
}
