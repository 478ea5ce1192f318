import { Duration } from 'aws-cdk-lib';
import { afterDelays } from '../rabbitmq/dead-lettering/after-delays.ts';
import type { Message } from '../rabbitmq/message.ts';
import { labelOf } from '../rabbitmq/plan/queue-label.ts';
import { isSameQueue } from '../rabbitmq/queue-address.ts';
import { asRouted } from '../rabbitmq/routing/as-routed.ts';
import { createRouter } from '../rabbitmq/routing/router.ts';
import type { Queue, Topology } from '../rabbitmq/topology.ts';
import { queueOf } from './consumers.ts';
import { isNamed } from './named-queue.ts';
import { publisherOf } from './publishers.ts';

/** `reconcile` would close orders at WeChat Pay that may still be paid. */
export class ClosesTooEarlyError extends Error {
  override readonly name = 'ClosesTooEarlyError';

  constructor(closeAfter: Duration, { queue, life }: PaymentWindow, file: string) {
    super(
      `wechatPay.reconcile.closeAfter in lib/config.ts is ${closeAfter.toHumanString()}, and unpaid orders wait ` +
        `${life.toHumanString()} in ${labelOf(queue)} (x-message-ttl in ${file}): reconcile would close orders that may ` +
        `still be paid. Raise closeAfter above that, or shorten the TTL`,
    );
  }
}

/** Goods of orders that may still be paid would be let go. */
export class HoldTooShortError extends Error {
  override readonly name = 'HoldTooShortError';

  constructor(hold: Duration, { queue, life }: PaymentWindow, file: string) {
    super(
      `stock.hold in lib/config.ts is ${hold.toHumanString()}, and unpaid orders wait ${life.toHumanString()} in ` +
        `${labelOf(queue)} (x-message-ttl in ${file}): goods of orders that may still be paid would be let go. Raise hold ` +
        `above that, or shorten the TTL`,
    );
  }
}

/** Where `order.created` waits until `order-timeouts` hears of it, and how long. */
interface PaymentWindow {
  readonly queue: Queue;
  readonly life: Duration;
}

/**
 * Whoever may still pay must not find the order closed: that is for `order-timeouts`, and after it for `reconcile`. A topology in which nothing
 * leads to `order-timeouts` has no window. Throws a `ClosesTooEarlyError`.
 */
export function checkCloseAfter(
  topology: Topology,
  { closeAfter, file }: { readonly closeAfter: Duration; readonly file: string },
): void {
  const window = windowNotBelow(closeAfter, topology);
  if (window) throw new ClosesTooEarlyError(closeAfter, window, file);
}

/** Goods lie ready for longer than their order may be paid, so that only what nobody closed expires. Throws a `HoldTooShortError`. */
export function checkHold(
  topology: Topology,
  { hold, file }: { readonly hold: Duration; readonly file: string },
): void {
  const window = windowNotBelow(hold, topology);
  if (window) throw new HoldTooShortError(hold, window, file);
}

function windowNotBelow(time: Duration, topology: Topology): PaymentWindow | undefined {
  return paymentWindows(topology).find(({ life }) => life.toMilliseconds() >= time.toMilliseconds());
}

/** As the broker routes what `createOrder` tells, whatever delay queues it goes through. */
function paymentWindows(topology: Topology): PaymentWindow[] {
  const router = createRouter(topology, { random: () => 0 });
  const timeouts = queueOf('order-timeouts');
  const { vhost = '/', exchange } = publisherOf('orders');
  const message: Message = {
    vhost,
    exchange,
    routingKeys: ['order.created'],
    properties: { message_id: '' },
    headers: {},
    payload: '',
    payloadEncoding: 'string',
  };
  const queue = (of: string, name: string): Queue | undefined =>
    topology.queues.find((one) => isSameQueue(one, { vhost: of, name }));
  const deps = { router, queue, dialect: topology.dialect, now: new Date(0), horizonMs: Number.POSITIVE_INFINITY };
  return router
    .route(asRouted(message))
    .flatMap((name) => queue(vhost, name) ?? [])
    .flatMap((first) =>
      afterDelays({ queue: first, message, delayMs: 0 }, deps)
        .filter((end) => 'queue' in end && isNamed(timeouts, end.queue))
        .map(({ delayMs }) => ({ queue: first, life: Duration.millis(delayMs) })),
    );
}
