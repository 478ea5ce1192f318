import { definitionsFile, shop, warren } from './run-warren.ts';

async function routed(lines: readonly (object | string)[], definitions: object = shop, ...more: string[]) {
  const stdin = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const { status, stdout } = await warren(['route', definitionsFile(definitions), ...more], { stdin });
  return {
    status,
    results: stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  };
}

describe('warren route', () => {
  it('answers one line a message, in their order', async () => {
    const { status, results } = await routed([
      { exchange: 'orders', routingKey: 'order.later' },
      { exchange: 'orders', routingKey: 'x', bcc: ['order.1'] },
      { exchange: '', routingKey: 'nobody', mandatory: true },
      { exchange: '', routingKey: 'nobody' },
    ]);

    expect(status).toBe(0);
    expect(results).toEqual([
      { queues: ['wait', 'work'], returned: false },
      { queues: ['work'], returned: false },
      { queues: [], returned: true },
      { queues: [], returned: false },
    ]);
  });

  it('answers channel errors with RabbitMQ’s code, and goes on', async () => {
    const { results } = await routed([
      { exchange: 'gone' },
      { exchange: 'late' },
      { exchange: 'orders', headers: { CC: 'text' } },
      { exchange: 'orders', expiration: '1s' },
      { exchange: '', routingKey: 'work' },
    ]);

    expect(results.map(({ error, queues }) => error?.code ?? queues)).toEqual([404, 403, 406, 406, ['work']]);
  });

  it('names line and field of what is no message, and goes on', async () => {
    const { results } = await routed(['{', { exchange: 5 }, '', { exchange: 'orders', cc: 'x' }, { exchange: '' }]);

    expect(results).toMatchObject([
      { error: { code: 'invalid-message', text: 'line 1: the line is not JSON' } },
      { error: { text: expect.stringMatching(/^line 2: exchange: /) } },
      { error: { text: 'line 3: the line is empty' } },
      { error: { text: expect.stringMatching(/^line 4: cc: /) } },
      { queues: [] },
    ]);
  });

  it('says how a field is spelled here that publish, or AMQP, spells in another way', async () => {
    const { status, results } = await routed([
      { exchange: 'orders', routing_key: 'order.paid' },
      { exchange: 'orders', routingkey: 'order.paid', payload: '' },
    ]);

    expect(results).toEqual([
      {
        error: { code: 'invalid-message', text: 'line 1: routing_key is no field of a message: write routingKey here' },
      },
      {
        error: {
          code: 'invalid-message',
          text: 'line 2: routingkey is no field of a message: write routingKey here; payload is no field of a message',
        },
      },
    ]);
    expect(status).toBe(0);
  });

  it('says beside RabbitMQ’s routing which copies Warren refuses, because a delay is too long or ends nowhere', async () => {
    const late = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work' };
    const delays = {
      exchanges: [{ name: 'later', type: 'x-delayed-message', arguments: { 'x-delayed-type': 'fanout' } }],
      queues: [
        { name: 'work' },
        { name: 'slow', arguments: { 'x-message-ttl': 4_294_967_295, ...late } },
        { name: 'lost', arguments: { 'x-message-ttl': 5, ...late, 'x-dead-letter-routing-key': 'nobody' } },
      ],
      bindings: ['work', 'slow'].map((destination) => ({
        source: 'later',
        destination,
        destination_type: 'queue',
        routing_key: '',
      })),
    };
    const { status, results } = await routed(
      [
        { exchange: 'later', headers: { 'x-delay': 5000 } },
        { exchange: 'later', headers: { 'x-delay': 5_000_000_000 } },
        { exchange: '', routingKey: 'slow', cc: ['work'] },
        { exchange: '', routingKey: 'slow', expiration: '1000' },
        { exchange: '', routingKey: 'lost' },
      ],
      delays,
    );
    const tooLong = (ms: number) => `a delay of ${ms} ms is longer than 4294967295 ms`;

    expect(status).toBe(0);
    expect(results).toEqual([
      { queues: ['slow', 'work'], returned: false, refused: [{ queue: 'slow', reason: tooLong(4_294_972_295) }] },
      {
        queues: ['slow', 'work'],
        returned: false,
        refused: ['slow', 'work'].map((queue) => ({ queue, reason: tooLong(5_000_000_000) })),
      },
      { queues: ['slow', 'work'], returned: false },
      { queues: ['slow'], returned: false },
      {
        queues: ['lost'],
        returned: false,
        refused: [{ queue: 'lost', reason: 'it is a delay that ends in no queue' }],
      },
    ]);
  });

  it('picks the same queues of a random exchange for the same seed', async () => {
    const random = {
      exchanges: [{ name: 'any', type: 'x-random' }],
      queues: ['a', 'b', 'c', 'd'].map((name) => ({ name })),
      bindings: ['a', 'b', 'c', 'd'].map((destination) => ({
        source: 'any',
        destination,
        destination_type: 'queue',
        routing_key: '',
      })),
    };
    const messages = Array.from({ length: 40 }, () => ({ exchange: 'any' }));
    const [one, again, other] = [
      await routed(messages, random, '--seed', '7'),
      await routed(messages, random, '--seed', '7'),
      await routed(messages, random, '--seed', '8'),
    ];

    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    expect(new Set(one.results.map(({ queues }) => queues[0])).size).toBe(4);
  });
});
