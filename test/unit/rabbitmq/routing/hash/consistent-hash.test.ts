import * as fc from 'fast-check';
import type { Headers, Properties } from '../../../../../rabbitmq/message.ts';
import { jumpHash } from '../../../../../rabbitmq/routing/hash/jump-hash.ts';
import type { HashOn } from '../../../../../rabbitmq/topology.ts';
import { bindExchange, bindQueue, exchange, queue } from '../../topology-builders.ts';
import { routerOf } from '../router-of.ts';

const queues = Array.from({ length: 10 }, (_, at) => queue(`q${at}`));
const numbers = Array.from({ length: 12 }, (_, at) => at);

function routerWith(hashOn?: HashOn) {
  const bindings = queues.map(({ name }) => bindQueue('x', name, '3'));
  return routerOf({ exchanges: [exchange('x', 'x-consistent-hash', { hashOn })], queues, bindings });
}

interface Sent {
  readonly keys?: readonly string[];
  readonly headers?: Headers;
  readonly properties?: Partial<Properties>;
}

function queuesOf(sent: readonly Sent[], hashOn?: HashOn): string {
  const router = routerWith(hashOn);
  return sent
    .map(({ keys = ['key'], ...rest }) => router.route({ vhost: '/', exchange: 'x', routingKeys: keys, ...rest }))
    .join(' ');
}

const typed = (type: string, value: number) => ({ '!': type, value });
const withHeader = (...values: Headers[string][]): Sent[] => values.map((h) => ({ headers: { h } }));

/** What 4.0.5 and 4.3.6 answered with ten queues of weight 3. */
describe('a consistent-hash exchange chooses the queue RabbitMQ chose', () => {
  it('by the routing key, every time (rules 4.10.3, 4.11.7)', () => {
    expect(queuesOf(numbers.map((at) => ({ keys: [`key${at}`] })))).toBe('q5 q6 q6 q7 q3 q4 q5 q2 q7 q7 q5 q7');
  });

  it('by the first key alone: CC and BCC have no say', () => {
    expect(queuesOf(numbers.map((at) => ({ keys: ['key', `c${at}`] })))).toBe(numbers.map(() => 'q5').join(' '));
  });

  it('by a header: strings, bytes, integers of any width, doubles, booleans, timestamps', () => {
    const bytes = { '!': 'binary', value: Buffer.from('2').toString('base64') };
    const sent = withHeader(2, typed('byte', 2), typed('double', 2), '2', bytes, typed('timestamp', 2), 2000);

    expect(queuesOf(sent, { header: 'h' })).toBe('q3 q3 q8 q4 q4 q9 q9');
    expect(queuesOf(withHeader(1, 3, 4), { header: 'h' })).toBe('q9 q2 q1');
    expect(queuesOf(withHeader(true, false, 'true'), { header: 'h' })).toBe('q9 q4 q7');
  });

  it('for all messages without the header alike, also when it is void (rule 4.10.4)', () => {
    const missing = numbers.map((at) => ({ keys: [`key${at}`] }));

    expect(queuesOf(missing, { header: 'h' })).toBe(numbers.map(() => 'q0').join(' '));
    expect(queuesOf(withHeader(null, 'undefined'), { header: 'h' })).toBe('q0 q9');
  });

  it('by the properties correlation_id, message_id and timestamp (rule 4.10.3)', () => {
    const ids = numbers.map((at) => `c${at}`);
    const chosen = 'q3 q4 q7 q1 q3 q3 q1 q8 q8 q4 q2 q2';

    const byCorrelation = ids.map((correlation_id) => ({ properties: { correlation_id } }));
    expect(queuesOf(byCorrelation, { property: 'correlation_id' })).toBe(chosen);
    const byMessage = ids.map((message_id) => ({ properties: { message_id } }));
    expect(queuesOf(byMessage, { property: 'message_id' })).toBe(chosen);
    const byTime = numbers.map((at) => ({ properties: { timestamp: 1000 + at } }));
    expect(queuesOf(byTime, { property: 'timestamp' })).toBe('q1 q2 q2 q9 q0 q2 q5 q0 q8 q4 q3 q8');
    expect(queuesOf([{ properties: {} }, {}], { property: 'timestamp' })).toBe('q0 q0');
  });

  it('by the first item of an array or table, the same queue for the same item', () => {
    const chosen = (sent: Sent[]) => new Set(queuesOf(sent, { header: 'h' }).split(' ')).size;

    expect(chosen(withHeader(...numbers.map((at) => ['same', at])))).toBe(1);
    expect(chosen(withHeader(...numbers.map((at) => ({ a: 'same', b: at }))))).toBe(1);
    expect(chosen(withHeader(...numbers.map((at) => [`other${at}`])))).toBeGreaterThan(3);
    expect(chosen(withHeader(...numbers.map((at) => ({ a: at }))))).toBeGreaterThan(3);
    expect(chosen(withHeader([], {}))).toBe(1);
  });

  it('of 40 keys two for weight 1 against 9, where a second binding of the same queue counts for nothing (rule 4.10.2)', () => {
    const bindings = [bindQueue('x', 'q1', '1'), bindQueue('x', 'q1', '1000'), bindQueue('x', 'q0', '9')];
    const router = routerOf({ exchanges: [exchange('x', 'x-consistent-hash')], queues, bindings });
    const light = Array.from({ length: 40 }, (_, at) => at).filter((at) => {
      const [chosen] = router.route({ vhost: '/', exchange: 'x', routingKeys: [`key${at}`] });
      return chosen === 'q1';
    });

    expect(light).toEqual([12, 25]);
  });
});

describe('a consistent-hash exchange', () => {
  it('takes integers from 1 to 10 000 as weights and passes over what RabbitMQ refuses (rule 4.10.1)', () => {
    const chosenBy = (weight: string) =>
      routerOf({
        exchanges: [exchange('x', 'x-consistent-hash')],
        queues,
        bindings: [bindQueue('x', 'q1', weight)],
      }).route({ vhost: '/', exchange: 'x', routingKeys: ['key'] }).length;

    expect(['1', '10000', '+5', '007'].map(chosenBy)).toEqual([1, 1, 1, 1]);
    expect(['0', '10001', 'x', '1.5', ' 5', '', '-1', '1e3'].map(chosenBy)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('without bindings leaves the message to its alternate exchange (rule 4.10.5)', () => {
    const exchanges = [exchange('x', 'x-consistent-hash', { alternateExchange: 'rest' }), exchange('rest', 'fanout')];
    const router = routerOf({ exchanges, queues, bindings: [bindQueue('rest', 'q1')] });

    expect(router.route({ vhost: '/', exchange: 'x', routingKeys: ['key'] })).toEqual(['q1']);
  });

  it('counts a queue and an exchange of one name as two destinations', () => {
    const exchanges = [exchange('x', 'x-consistent-hash'), exchange('q1', 'fanout')];
    const bindings = [bindExchange('x', 'q1', '1'), bindQueue('x', 'q1', '1'), bindQueue('q1', 'q2')];
    const router = routerOf({ exchanges, queues, bindings });
    const chosen = numbers.flatMap((at) => router.route({ vhost: '/', exchange: 'x', routingKeys: [`key${at}`] }));

    expect([...new Set(chosen)].sort()).toEqual(['q1', 'q2']);
  });
});

describe('the jump hash', () => {
  it('moves a key only into the bucket that is new', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 27 }), fc.integer({ min: 1, max: 50 }), (key, buckets) => {
        const [before, after] = [jumpHash(key, buckets), jumpHash(key, buckets + 1)];

        expect(before).toBeLessThan(buckets);
        expect([before, buckets]).toContain(after);
      }),
    );
  });
});
