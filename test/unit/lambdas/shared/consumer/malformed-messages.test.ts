import type { Message } from '../../../../../rabbitmq/message.ts';
import { delivered, loopOnFakes } from './record-loop-on-fakes.ts';

const neverRun = async () => {
  throw new Error('Not implemented');
};
const bytes = (...values: number[]): Partial<Message> => ({
  payload: Buffer.from(values).toString('base64'),
  payloadEncoding: 'base64',
});
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('a payload that cannot be the consumer’s', () => {
  it.each<[string, Partial<Message>]>([
    ['is not JSON', { payload: 'paid!' }],
    ['is empty', { payload: '' }],
    ['is cut off', { payload: '{"n":1' }],
    ['is not UTF-8', bytes(0x7b, 0xff, 0xfe, 0x7d)],
    ['is UTF-8 that is not JSON', bytes(0x00, 0x01)],
    ['does not fit the schema', { payload: '{"n":"1"}' }],
    ['is null', { payload: 'null' }],
    ['is nested 100,000 deep', { payload: nested(100_000) }],
    ['hides something nested 100,000 deep', { payload: `{"n":${nested(100_000)}}` }],
  ])('is dead-lettered at once, as it came, and never handled: one that %s', async (_, changes) => {
    const { run, broker, delays, keys, outcomes } = loopOnFakes(neverRun);

    expect(await run(delivered('1', changes))).toEqual([]);

    expect(outcomes()).toEqual(['reject']);
    expect(keys).toEqual([]);
    expect(delays).toEqual([]);
    expect(broker.republished).toMatchObject([{ exchange: 'dead', properties: { message_id: 'event-1' } }]);
    const [letter] = broker.republished;
    expect(Buffer.from(letter?.payload ?? '', letter?.payloadEncoding === 'base64' ? 'base64' : 'utf8')).toEqual(
      Buffer.from(changes.payload ?? '', changes.payloadEncoding === 'base64' ? 'base64' : 'utf8'),
    );
  });

  it('fails its own record only', async () => {
    const handled: number[] = [];
    const { run, outcomes } = loopOnFakes(async ({ body: { n } }) => void handled.push(n));

    expect(await run(delivered('1', { payload: '{' }), delivered('2'))).toEqual([]);

    expect(outcomes()).toEqual(['reject', 'ack']);
    expect(handled).toEqual([1]);
  });
});

describe('a payload that travelled as bytes', () => {
  it('is read as UTF-8', async () => {
    const seen: unknown[] = [];
    const { run } = loopOnFakes(async ({ body }) => void seen.push(body));

    expect(await run(delivered('1', bytes(...Buffer.from('{"n":3,"name":"支付"}'))))).toEqual([]);

    expect(seen).toEqual([{ n: 3 }]);
  });
});

describe('a message with an envelope nobody can read', () => {
  it.each(['{', '{"version":2}', ''])(
    'is dead-lettered as its record shows it, the envelope kept: %j',
    async (stringValue) => {
      const { run, broker, outcomes } = loopOnFakes(neverRun);
      const record = { ...delivered('sqs-1'), messageAttributes: { amqp: { stringValue, dataType: 'String' } } };

      expect(await run(record)).toEqual([]);

      expect(outcomes()).toEqual(['reject']);
      expect(broker.republished).toMatchObject([
        {
          exchange: 'dead',
          routingKeys: ['orders'],
          properties: { message_id: 'sqs-1' },
          payload: '{"n":1}',
          headers: { 'x-unreadable-envelope': stringValue, 'x-death': [{ reason: 'rejected' }] },
        },
      ]);
    },
  );
});
