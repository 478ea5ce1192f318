import type { Message } from '../rabbitmq/message.ts';
import { asRouted } from '../rabbitmq/routing/as-routed.ts';
import { createRouter } from '../rabbitmq/routing/router.ts';
import type { Topology } from '../rabbitmq/topology.ts';
import { type ConsumerName, queueOf } from './consumers.ts';
import { publisherOf } from './publishers.ts';

/** Orders would be lost: a paid one with goods waits for ever, or one that the merchant refuses is paid back to nobody. */
export class FulfilmentRouteError extends Error {
  override readonly name = 'FulfilmentRouteError';

  constructor({ routingKey, to }: Route, file: string) {
    const { exchange } = publisherOf('fulfilment');
    super(
      `'fulfilment' is deployed (-c fulfilmentUrl), and ${file} does not lead '${routingKey}' of the exchange '${exchange}' to ` +
        `'${queueOf(to).queue}', which '${to}' consumes: bind it, or deploy without fulfilmentUrl`,
    );
  }
}

interface Route {
  readonly routingKey: string;
  readonly to: ConsumerName;
}

/** Without these what fulfilment waits for does not come, or what it tells is heard by nobody. */
const routes: readonly Route[] = [
  { routingKey: 'order.paid', to: 'stock' },
  { routingKey: 'stock.confirmed', to: 'fulfilment' },
  { routingKey: 'stock.unavailable', to: 'order-saga' },
  { routingKey: 'fulfilment.refused', to: 'order-saga' },
];

/** Throws a `FulfilmentRouteError`. */
export function checkFulfilmentRoutes(topology: Topology, file: string): void {
  const router = createRouter(topology, { random: () => 0 });
  const { vhost = '/', exchange } = publisherOf('fulfilment');
  const queuesOf = (routingKey: string): readonly string[] => {
    const message: Message = {
      vhost,
      exchange,
      routingKeys: [routingKey],
      properties: { message_id: '' },
      headers: {},
      payload: '',
      payloadEncoding: 'string',
    };
    return router.route(asRouted(message));
  };
  const missing = routes.find(({ routingKey, to }) => !queuesOf(routingKey).includes(queueOf(to).queue));
  if (missing) throw new FulfilmentRouteError(missing, file);
}
