import pMap from 'p-map';
import { isCycle } from '../../../rabbitmq/dead-lettering/dead-letter.ts';
import type { Message } from '../../../rabbitmq/message.ts';
import type { NamedQueue } from '../../../rabbitmq/plan/queue-name.ts';
import { headersForQueues } from '../../../rabbitmq/publishing/client-headers.ts';
import { publish } from '../../../rabbitmq/publishing/publish.ts';
import { routingKeysOf } from '../../../rabbitmq/publishing/routing-keys.ts';
import { createRouter } from '../../../rabbitmq/routing/router.ts';
import type { Exchange, Queue, Topology } from '../../../rabbitmq/topology.ts';
import { outgoingOf, type Routed } from './outgoing.ts';
import type { QueueSender, SendOutcome } from './queue-sender.ts';

export type QueueOutcome = SendOutcome & { readonly queue: string };

export interface Published {
  /**
   * `ack`: every routed queue stored the message; also when there was none (rules 4.5.17, 4.5.18, 4.5.21). `nack`: a queue
   * refused it. `unknown`: no queue refused it, and at least one did not answer; it may be stored there.
   */
  readonly confirm: 'ack' | 'nack' | 'unknown';
  /** One per routed queue; empty when the message was unroutable. */
  readonly queues: readonly QueueOutcome[];
}

/** What only a publish says, beside its message. */
export interface PublishOptions {
  /** Refused: 540 (rule 4.5.1). */
  readonly immediate?: boolean | undefined;
  /** Whom a `user_id` must name (rule 4.5.11). Default: not checked. */
  readonly user?: string | undefined;
}

/** The two halves of a publish: RabbitMQ routes in a transaction when it is published, and delivers at commit (rule 4.5.25). */
export interface Publisher {
  /** Checks and routes one message, sends nothing. Throws a `ChannelError` (rules 4.5.1 to 4.5.13). */
  accept(message: Message, options?: PublishOptions): Routed;
  /** Stores what was accepted: one result per message, in order. Never throws for a message. */
  deliver(accepted: readonly Routed[]): Promise<Published[]>;
}

/** Routes as RabbitMQ would and stores in SQS: what a channel is to a publisher, as a module. */
export interface Broker {
  /**
   * A client's publish: one result per message, in order. Throws a `ChannelError` before anything is sent when a message
   * names an exchange that is missing or internal, or has CC or BCC of a wrong type.
   */
  publish(messages: readonly Message[]): Promise<Published[]>;
  /** RabbitMQ's own publish to a dead-letter exchange: no permission is asked, a missing exchange routes nothing (rule 4.6.6). */
  republish(message: Message): Promise<Published>;
}

export interface BrokerDeps {
  readonly topology: Topology;
  readonly queueUrl: (queue: NamedQueue) => string;
  readonly sender: QueueSender;
  readonly now: () => Date;
  /** At least 0, below 1: what random exchanges pick by. */
  readonly random: () => number;
}

/** Queues written to at the same time: bounds sockets, not order, which each queue keeps by itself. */
const parallelQueues = 16;

export function createBroker({ topology, queueUrl, sender, now, random }: BrokerDeps): Broker & Publisher {
  const router = createRouter(topology, { random });
  const queues = new Map(topology.queues.map((queue) => [idOf(queue.vhost, queue.name), queue]));
  const queueOf = (vhost: string, name: string): Queue | undefined => queues.get(idOf(vhost, name));

  function accept(message: Message, options: PublishOptions = {}): Routed {
    const routingKey = message.routingKeys[0] ?? '';
    const decision = publish(router, { ...message, ...options, routingKey, bodyBytes: bodyBytesOf(message) });
    if ('error' in decision) throw decision.error;
    const headers = headersForQueues(message.headers, topology.dialect);
    return {
      message: { ...message, headers, routingKeys: routingKeysOf(routingKey, headers) },
      queues: decision.queues,
      delayMs: delayOf(message, router.exchange(message.vhost, message.exchange)),
    };
  }

  async function deliver(routed: readonly Routed[]): Promise<Published[]> {
    const outcomes = routed.map((): QueueOutcome[] => []);
    const deps = { router, queue: queueOf, now: now(), dialect: topology.dialect };
    const copies = routed.flatMap((one, position) => outgoingOf(one, deps).map((copy) => ({ ...copy, position })));
    for (const { queue, refused, position } of copies) {
      if (refused !== undefined) outcomes[position]?.push({ queue: queue.name, outcome: 'refused', reason: refused });
    }
    const sendable = copies.flatMap(({ message, ...copy }) => (message ? [{ ...copy, message }] : []));
    const perQueue = [...Map.groupBy(sendable, ({ queue }) => queueUrl(queue))];
    await pMap(
      perQueue,
      async ([url, entries]) => {
        const sent = await sender.send(
          url,
          entries.map(({ message }) => message),
        );
        entries.forEach(({ queue, position }, index) => {
          const outcome = sent[index] ?? { outcome: 'unknown', reason: 'the sender answered nothing' };
          outcomes[position]?.push({ queue: queue.name, ...outcome });
        });
      },
      { concurrency: parallelQueues },
    );
    return outcomes.map((queues) => ({ confirm: confirmOf(queues), queues: queues.sort(byQueue) }));
  }

  return {
    accept,
    deliver,
    publish: async (messages) => deliver(messages.map((message) => accept(message))),
    async republish(message) {
      // Deaths a queue caused by itself must not go round for ever (rule 4.6.14); rejections may (rule 4.6.15).
      const targets = router.route(message).filter((name) => !isCycle(message, { name }));
      const [published] = await deliver([{ message, queues: targets, delayMs: 0 }]);
      return published ?? { confirm: 'unknown', queues: [] };
    },
  };
}

function bodyBytesOf({ payload, payloadEncoding }: Message): number {
  return Buffer.byteLength(payload, payloadEncoding === 'base64' ? 'base64' : 'utf8');
}

/** Rule 4.11.5. */
function delayOf({ headers }: Message, exchange: Exchange | undefined): number {
  const delay = exchange?.delayed ? headers['x-delay'] : undefined;
  return typeof delay === 'number' && delay > 0 ? delay : 0;
}

function idOf(vhost: string, name: string): string {
  return JSON.stringify([vhost, name]);
}

function confirmOf(queues: readonly QueueOutcome[]): Published['confirm'] {
  if (queues.some(({ outcome }) => outcome === 'refused')) return 'nack';
  return queues.every(({ outcome }) => outcome === 'stored') ? 'ack' : 'unknown';
}

function byQueue(one: QueueOutcome, other: QueueOutcome): number {
  return one.queue < other.queue ? -1 : 1;
}
