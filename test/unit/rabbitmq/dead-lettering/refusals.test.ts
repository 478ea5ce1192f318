import { outgoingOf } from '../../../../lambdas/shared/broker/outgoing.ts';
import { refusalsOf } from '../../../../rabbitmq/dead-lettering/refusals.ts';
import { createRouter } from '../../../../rabbitmq/routing/router.ts';
import { message } from '../../lambdas/builders.ts';
import { bindQueue, exchange, queue, topology } from '../topology-builders.ts';

const delay = (name: string, messageTtl: number, deadLetterRoutingKey: string, deadLetterExchange = '') =>
  queue(name, { messageTtl, deadLetterExchange, deadLetterRoutingKey, delayQueue: true });
const delays = topology({
  exchanges: [exchange('late', 'fanout')],
  queues: [
    queue('work'),
    queue('ordered', { singleActiveConsumer: true }),
    delay('short', 1_000, 'work'),
    delay('ordered-late', 1_000, 'ordered'),
    delay('long', 2_000_000, 'work'),
    delay('longest', 2 ** 32 - 1, 'work'),
    delay('too-long', 2 ** 32, 'work'),
    delay('into-longest', 1_000, 'longest'),
    delay('nowhere', 1_000, 'nobody'),
    delay('round', 1_000, 'round'),
    delay('both', 1_000, '', 'late'),
  ],
  bindings: [bindQueue('late', 'work'), bindQueue('late', 'too-long')],
});
const queues = new Map(delays.queues.map((one) => [one.name, one]));
const deps = {
  router: createRouter(delays, { random: () => 0 }),
  queue: (_: string, name: string) => queues.get(name),
  dialect: delays.dialect,
  now: new Date(0),
};

describe('what is said to be refused', () => {
  const waits = [0, 1, 900_001, 2 ** 32 - 1, 2 ** 32];

  it.each(delays.queues.map(({ name }) => name))(
    'is what publishing refuses: a copy for %s, whatever it waits',
    (name) => {
      for (const delayMs of waits) {
        const routed = { message: message({ exchange: '', routingKeys: [name] }), queues: [name], delayMs };
        const refused = outgoingOf(routed, deps).flatMap((one) => ('refused' in one ? [one.refused] : []));

        expect({ delayMs, reasons: refusalsOf(routed, deps).map(({ reason }) => reason) }).toEqual({
          delayMs,
          reasons: [...new Set(refused)],
        });
      }
    },
  );

  it('are the copies of a message each by itself, and all of them when it is to wait too long before', () => {
    const routed = { message: message({}), queues: ['nowhere', 'short', 'too-long', 'work'], delayMs: 0 };

    expect(refusalsOf(routed, deps).map((one) => one.queue)).toEqual(['nowhere', 'too-long']);
    expect(refusalsOf({ ...routed, delayMs: 2 ** 32 }, deps).map((one) => one.queue)).toEqual(routed.queues);
  });
});
