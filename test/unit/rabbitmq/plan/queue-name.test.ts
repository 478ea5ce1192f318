import * as fc from 'fast-check';
import { deadLetterQueueName, sqsQueueName } from '../../../../rabbitmq/plan/queue-name.ts';

const prefix = 'warren-dev';
const nameOf = (name: string, vhost = '/') => sqsQueueName(prefix, { vhost, name });

interface Named {
  readonly vhost: string;
  readonly name: string;
}

/** The worst neighbour a queue can have: one of the default vhost that is called what the queue is called on SQS. */
const namesakes = ({ vhost, name }: Named): Named[] =>
  [nameOf(name, vhost), deadLetterQueueName(nameOf(name, vhost)), name, `${name}-dlq`].map((sqsName) => ({
    vhost: '/',
    name: sqsName.startsWith(`${prefix}-`) ? sqsName.slice(prefix.length + 1) : sqsName,
  }));

const anyName = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'B', '0', '-', '_', '.', '/', ' ', '订'), maxLength: 100 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 10, maxLength: 10 }).map((hex) => `q-${hex}`),
);
const anyQueue = fc.record({ vhost: fc.oneof(fc.constant('/'), anyName), name: anyName });

describe('the SQS name of a queue', () => {
  it('is the RabbitMQ name behind the prefix when SQS takes it', () => {
    expect(nameOf('orders_paid-1')).toBe('warren-dev-orders_paid-1');
    expect(deadLetterQueueName(nameOf('orders'))).toBe('warren-dev-orders-dlq');
  });

  it.each([
    ['has characters SQS does not take', 'orders.payments', '/', /^warren-dev-orders-payments-[0-9a-f]{10}$/],
    ['is of another vhost', 'orders', 'shop', /^warren-dev-shop-orders-[0-9a-f]{10}$/],
    ['is empty', '', '/', /^warren-dev-[0-9a-f]{10}$/],
    ['is the name of a dead-letter queue', 'orders-dlq', '/', /^warren-dev-orders-dlq-[0-9a-f]{10}$/],
    ['looks like a hashed name', 'orders-0123456789', '/', /^warren-dev-orders-0123456789-[0-9a-f]{10}$/],
    ['is too long', 'x'.repeat(61), '/', /^warren-dev-x{49}-[0-9a-f]{10}$/],
  ])('ends in a hash when the RabbitMQ name %s', (_, name, vhost, expected) => {
    expect(nameOf(name, vhost)).toMatch(expected);
  });

  it('keeps the longest name that leaves room for -dlq.fifo', () => {
    const name = 'x'.repeat(80 - '-dlq.fifo'.length - prefix.length - 1);

    expect(nameOf(name)).toBe(`${prefix}-${name}`);
    expect(nameOf(`${name}x`)).not.toContain(`${name}x`);
  });

  it('is one that SQS takes, with and without -dlq, and the same each time', () => {
    fc.assert(
      fc.property(anyQueue, ({ vhost, name }) => {
        expect(deadLetterQueueName(nameOf(name, vhost))).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
        expect(nameOf(name, vhost)).toBe(nameOf(name, vhost));
      }),
    );
  });

  it('is never that of another queue or dead-letter queue, not even of one called like it', () => {
    fc.assert(
      fc.property(fc.array(anyQueue, { minLength: 1, maxLength: 6 }), (queues) => {
        const all = new Map([...queues, ...queues.flatMap(namesakes)].map((one) => [JSON.stringify(one), one]));
        const sqsNames = [...all.values()].map((one) => nameOf(one.name, one.vhost));

        expect(new Set([...sqsNames, ...sqsNames.map(deadLetterQueueName)]).size).toBe(2 * all.size);
      }),
      { numRuns: 2_000 },
    );
  });

  it('differs between a name of nothing but refused characters and a queue called like its hash', () => {
    const hash = nameOf('...').slice(prefix.length + 1);

    expect(nameOf(hash)).not.toBe(nameOf('...'));
  });
});
