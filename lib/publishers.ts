import type { Topology } from '../rabbitmq/topology.ts';
import { nearestNames } from './nearest.ts';

export interface PublisherRow {
  /** Of the default vhost. */
  readonly exchange: string;
  /** The consumer of `lib/consumers.ts` with which the function is deployed: itself, if it is one. */
  readonly deployedWith: string;
}

/**
 * Which exchange a function of this app publishes to, by the function's folder. An exchange that is not there is a channel error (404, rule
 * 4.5.4) for each of its messages, and nobody is listening: synth refuses it.
 */
export const publishers: Readonly<Record<string, PublisherRow>> = {
  // worked example
  'wechat-pay-notify': { exchange: 'payments', deployedWith: 'orders' },
  // worked example
  orders: { exchange: 'orders', deployedWith: 'orders' },
};

/** An exchange that a function publishes to is not in the topology, or takes no client's messages. */
export class PublisherWithoutExchangeError extends Error {
  override readonly name = 'PublisherWithoutExchangeError';

  constructor(publisher: string, exchange: string, problem: string) {
    super(`lib/publishers.ts: '${publisher}' publishes to the exchange '${exchange}', ${problem}`);
  }
}

/** Every publisher that is deployed must have its exchange. Throws a `PublisherWithoutExchangeError` with the nearest names. */
export function checkPublishers({ exchanges }: Topology, file: string, consumers: readonly string[]): void {
  const inVhost = exchanges.filter(({ vhost }) => vhost === '/');
  const open = inVhost.filter(({ internal }) => !internal).map(({ name }) => name);
  for (const [publisher, { exchange, deployedWith }] of Object.entries(publishers)) {
    if (!consumers.includes(deployedWith) || open.includes(exchange)) continue;
    const problem = inVhost.some(({ name }) => name === exchange)
      ? `which ${file} declares internal: no client may publish to it`
      : `which ${file} does not declare in vhost '/': ${nearestNames(exchange, open)}`;
    throw new PublisherWithoutExchangeError(publisher, exchange, problem);
  }
}
