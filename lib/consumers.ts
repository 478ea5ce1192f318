import type { Config } from './config.ts';

/** Which function consumes which RabbitMQ queue. A queue that is not named here is consumed by nobody of this app. */
export const consumers = {
  orders: { queue: 'orders.payments' },
} as const satisfies Record<keyof Config['consumers'], { readonly queue: string }>;

export type ConsumerName = keyof typeof consumers;

/** The consumer of a queue of the default vhost, if it has one. */
export function consumerOf(queue: { readonly vhost: string; readonly name: string }): ConsumerName | undefined {
  if (queue.vhost !== '/') return undefined;
  return (Object.keys(consumers) as ConsumerName[]).find((name) => consumers[name].queue === queue.name);
}
