import { type Refusal, refusalsOf } from '../../rabbitmq/dead-lettering/refusals.ts';
import { headersForQueues } from '../../rabbitmq/publishing/client-headers.ts';
import type { PublishRequest } from '../../rabbitmq/publishing/publish.ts';
import { keysIn, routingKeysOf } from '../../rabbitmq/publishing/routing-keys.ts';
import { xDelayMs } from '../../rabbitmq/publishing/x-delay.ts';
import { createRouter } from '../../rabbitmq/routing/router.ts';
import type { Topology } from '../../rabbitmq/topology.ts';

/** Of a message, and of the queues RabbitMQ routes it to: which of them Warren cannot serve, because a delay is too long or ends nowhere. */
export type Refusals = (request: PublishRequest, queues: readonly string[]) => readonly Refusal[];

/** `random` is its own: what is asked here must not change what a random exchange picks next. */
export function createRefusals(topology: Topology, random: () => number): Refusals {
  const delays = new Map(
    topology.queues.filter((queue) => queue.delayQueue).map((queue) => [idOf(queue.vhost, queue.name), queue]),
  );
  const queues = new Map(topology.queues.map((queue) => [idOf(queue.vhost, queue.name), queue]));
  const router = createRouter(topology, { random });
  const deps = {
    router,
    queue: (vhost: string, name: string) => queues.get(idOf(vhost, name)),
    dialect: topology.dialect,
    now: new Date(0),
  };

  return (request, routed) => {
    const { vhost, exchange, routingKey, properties, expiration = properties?.expiration } = request;
    const delayMs = xDelayMs(request, router.exchange(vhost, exchange));
    if (delayMs === 0 && !routed.some((name) => delays.has(idOf(vhost, name)))) return [];
    const headers = headersForQueues(request.headers, topology.dialect);
    const message = {
      vhost,
      exchange,
      routingKeys: routingKeysOf(routingKey, headers),
      bcc: keysIn(request.headers, 'BCC'),
      headers,
      properties: { ...properties, message_id: properties?.message_id ?? '', expiration },
      payload: '',
      payloadEncoding: 'string',
    } as const;
    return refusalsOf({ message, queues: routed, delayMs }, deps);
  };
}

function idOf(vhost: string, name: string): string {
  return JSON.stringify([vhost, name]);
}
