import { createConnect } from '../../../../../lambdas/shared/amqplib/connect.ts';
import type { Publisher } from '../../../../../lambdas/shared/broker/broker.ts';
import type { Topology } from '../../../../../rabbitmq/topology.ts';
import { bindQueue, exchange, queue, topology } from '../../../rabbitmq/topology-builders.ts';
import { brokerOn, decoded, FakeSender, shop } from '../broker/broker-on-fakes.ts';

export const content = Buffer.from('x');

/** A connection as user `shop`, over queues that answer so. */
export async function connected(
  answers: ConstructorParameters<typeof FakeSender>[0] = {},
  on: Topology = shop,
  /** Takes the broker's place. */
  instead: (broker: Publisher) => Publisher = (broker) => broker,
  deadline?: () => AbortSignal,
) {
  const sender = new FakeSender(answers);
  let ids = 0;
  const connect = createConnect(instead(brokerOn(sender, on)), {
    topology: on,
    newEventId: () => `event-${++ids}`,
    deadline,
  });
  const connection = await connect('amqp://shop:secret@mq');
  /** What the queues hold, in the order it was sent in. */
  const stored = () => sender.sent.flatMap(([, messages]) => messages.map(decoded));
  return { sender, connection, stored };
}

export async function opened(...options: Parameters<typeof connected>) {
  const { connection, ...rest } = await connected(...options);
  return { ...rest, connection, channel: await connection.createConfirmChannel() };
}

/** `tenants` is a headers exchange, bound by `tenant: shop`. */
export const tenants = topology({
  exchanges: [exchange('tenants', 'headers')],
  queues: [queue('orders')],
  bindings: [{ ...bindQueue('tenants', 'orders'), arguments: { tenant: 'shop' } }],
});
