import pMap from 'p-map';
import type { Message } from '../../../rabbitmq/message.ts';
import { publish } from '../../../rabbitmq/publishing/publish.ts';
import { routingKeysOf, withoutBcc } from '../../../rabbitmq/publishing/routing-keys.ts';
import { createRouter } from '../../../rabbitmq/routing/router.ts';
import type { Topology } from '../../../rabbitmq/topology.ts';
import { encodeMessage } from './envelope.ts';
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
  readonly queueUrl: (queue: { readonly vhost: string; readonly name: string }) => string;
  readonly sender: QueueSender;
}

/** Queues written to at the same time: bounds sockets, not order, which each queue keeps by itself. */
const parallelQueues = 16;

export function createBroker({ topology, queueUrl, sender }: BrokerDeps): Broker {
  const router = createRouter(topology, { random: Math.random });

  function routeAsClient(message: Message): Routed {
    const routingKey = message.routingKeys[0] ?? '';
    const decision = publish(router, { ...message, routingKey });
    if ('error' in decision) throw decision.error;
    const headers = withoutBcc(message.headers);
    return {
      message: { ...message, headers, routingKeys: routingKeysOf(routingKey, headers) },
      queues: decision.queues,
    };
  }

  async function deliver(routed: readonly Routed[]): Promise<Published[]> {
    const outcomes = routed.map((): QueueOutcome[] => []);
    const copies = routed.flatMap(({ message, queues }, position) =>
      queues.map((queue) => ({ vhost: message.vhost, queue, position, message: encodeMessage(message) })),
    );
    const perQueue = [...Map.groupBy(copies, ({ vhost, queue }) => queueUrl({ vhost, name: queue }))];
    await pMap(
      perQueue,
      async ([url, entries]) => {
        const sent = await sender.send(
          url,
          entries.map(({ message }) => message),
        );
        entries.forEach(({ queue, position }, index) => {
          const outcome = sent[index] ?? { outcome: 'unknown', reason: 'the sender answered nothing' };
          outcomes[position]?.push({ queue, ...outcome });
        });
      },
      { concurrency: parallelQueues },
    );
    return outcomes.map((queues) => ({ confirm: confirmOf(queues), queues: queues.sort(byQueue) }));
  }

  return {
    publish: async (messages) => deliver(messages.map(routeAsClient)),
    async republish(message) {
      const [published] = await deliver([{ message, queues: router.route(message) }]);
      return published ?? { confirm: 'unknown', queues: [] };
    },
  };
}

interface Routed {
  readonly message: Message;
  readonly queues: readonly string[];
}

function confirmOf(queues: readonly QueueOutcome[]): Published['confirm'] {
  if (queues.some(({ outcome }) => outcome === 'refused')) return 'nack';
  return queues.every(({ outcome }) => outcome === 'stored') ? 'ack' : 'unknown';
}

function byQueue(one: QueueOutcome, other: QueueOutcome): number {
  return one.queue < other.queue ? -1 : 1;
}
