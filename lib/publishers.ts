import { labelOf } from '../rabbitmq/plan/queue-label.ts';
import type { Topology } from '../rabbitmq/topology.ts';
import { meantQueues } from './nearest-queues.ts';

export interface PublisherRow {
  /** Default: `/`. */
  readonly vhost?: string;
  readonly exchange: string;
  /** The consumer of `lib/consumers.ts` without which the function is not deployed. Default: it always is. */
  readonly deployedWith?: string;
}

/**
 * Which exchange a function, by its folder in `lambdas/`, publishes to. Where it is missing each message is a channel error (404, rule 4.5.4),
 * with nobody to hear of it: synth refuses that.
 */
export const publishers: Readonly<Record<string, PublisherRow>> = {
  // worked example
  orders: { exchange: 'orders', deployedWith: 'orders' },
  // worked example
  'order-timeouts': { exchange: 'orders', deployedWith: 'order-timeouts' },
  // worked example
  'wechat-pay-notify': { exchange: 'payments', deployedWith: 'orders' },
  // worked example
  reconcile: { exchange: 'payments', deployedWith: 'orders' },
  // worked example
  stock: { exchange: 'orders', deployedWith: 'stock' },
  // worked example
  'order-saga': { exchange: 'orders', deployedWith: 'order-saga' },
  // worked example
  fulfilment: { exchange: 'orders', deployedWith: 'fulfilment' },
  // worked example
  'refund-desk': { exchange: 'orders', deployedWith: 'orders' },
};

/** `lib/publishers.ts` names an exchange that the topology does not have, or that takes no client's messages. */
export class ExchangeNotDeclaredError extends Error {
  override readonly name = 'ExchangeNotDeclaredError';

  constructor(publisher: string, exchange: string, problem: string) {
    super(`lib/publishers.ts: '${publisher}' publishes to the exchange '${exchange}', which ${problem}`);
  }
}

/** Throws when the function has no row. */
export function publisherOf(name: string): PublisherRow {
  const row = publishers[name];
  if (!row) throw new Error(`lib/publishers.ts does not say which exchange '${name}' publishes to`);
  return row;
}

/** `consumers`: those whose queues are deployed. */
export function isDeployed({ deployedWith }: PublisherRow, consumers: readonly string[]): boolean {
  return deployedWith === undefined || consumers.includes(deployedWith);
}

/** Every function that is deployed must have its exchange. Throws an `ExchangeNotDeclaredError` with the nearest names. */
export function checkPublishers(
  { exchanges }: Pick<Topology, 'exchanges'>,
  { file, consumers }: { readonly file: string; readonly consumers: readonly string[] },
  rows: Readonly<Record<string, PublisherRow>> = publishers,
): void {
  for (const [publisher, row] of Object.entries(rows)) {
    const { vhost = '/', exchange: name } = row;
    const found = exchanges.find((one) => one.vhost === vhost && one.name === name);
    if (!isDeployed(row, consumers) || (found && !found.internal)) continue;
    const open = exchanges.filter(({ internal }) => !internal);
    const problem = found
      ? `${file} declares internal: no client may publish to it`
      : `${file} does not declare in vhost '${vhost}': ${meantQueues({ vhost, name }, open, labelOf)}`;
    throw new ExchangeNotDeclaredError(publisher, name, problem);
  }
}
