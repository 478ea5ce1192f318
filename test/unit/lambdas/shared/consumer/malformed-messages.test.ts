import type { StandardSchemaV1 } from '@standard-schema/spec';
import { decodeRecord } from '../../../../../lambdas/shared/broker/envelope.ts';
import { PermanentError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { parsePayload } from '../../../../../lambdas/shared/consumer/parse-payload.ts';
import type { Message } from '../../../../../rabbitmq/message.ts';
import { rejectionOf } from '../../builders.ts';
import { type Body, bodyOf, delivered, loopOnFakes, orders } from './record-loop-on-fakes.ts';

const neverRun = async () => {
  throw new Error('Not implemented');
};
const bytes = (...values: number[]): Partial<Message> => ({
  payload: Buffer.from(values).toString('base64'),
  payloadEncoding: 'base64',
});
/** As hexadecimal: Jest compares buffers number by number. */
const bytesOf = ({ payload = '', payloadEncoding }: Partial<Message> = {}): string =>
  Buffer.from(payload, payloadEncoding === 'base64' ? 'base64' : 'utf8').toString('hex');
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
    ['is nested 129 deep', { payload: `{"n":1,"x":${nested(128)}}` }],
    ['hides depth behind a second member', { payload: `{"n":${nested(100_000)},"n":1}` }],
    ['has two members of one name', { payload: '{"n":1,"n":1}' }],
    ['has two of one name, one escaped', { payload: '{"n":1,"\\u006e":2}' }],
    ['has two of one name further in', { payload: '{"n":1,"x":[{"a":1,"b":[{}],"a":2}]}' }],
    ['has a member __proto__', { payload: '{"n":1,"__proto__":{"admin":true}}' }],
    ['has half of a surrogate pair', { payload: '{"n":1,"x":"\\ud83d"}' }],
    ['has one in a name', { payload: '{"n":1,"\\udc00":1}' }],
    ['has a number beyond doubles', { payload: '{"n":1,"x":1e400}' }],
    ['has an integer that a double rounds', { payload: '{"n":1,"x":-9007199254740993}' }],
    ['begins with a byte order mark', { payload: '\uFEFF{"n":1}' }],
    ['begins with one, as bytes', bytes(0xef, 0xbb, 0xbf, ...Buffer.from('{"n":1}'))],
    ['is text in UTF-16', bytes(...Buffer.from('{"n":1}', 'utf16le'))],
    ['has a comment', { payload: '{"n":1}//' }],
    ['is 1 MiB of brackets', { payload: '['.repeat(1_048_576) }],
  ])('is dead-lettered at once, as it came, and never handled: one that %s', async (_, changes) => {
    const { run, broker, delays, keys, outcomes } = loopOnFakes(neverRun);

    expect(await run(delivered('1', changes))).toEqual([]);

    expect(outcomes()).toEqual(['rejected']);
    expect(keys).toEqual([]);
    expect(delays).toEqual([]);
    expect(broker.republished).toMatchObject([{ exchange: 'dead', properties: { message_id: 'event-1' } }]);
    const [letter] = broker.republished;
    expect(bytesOf(letter)).toEqual(bytesOf(changes));
  });

  it('fails its own record only', async () => {
    const handled: number[] = [];
    const { run, outcomes } = loopOnFakes(async ({ body: { n } }) => void handled.push(n));

    expect(await run(delivered('1', { payload: '{' }), delivered('2'))).toEqual([]);

    expect(outcomes()).toEqual(['rejected', 'ack']);
    expect(handled).toEqual([1]);
  });
});

describe('a payload that every reader reads alike', () => {
  it.each([
    '{"n":1}',
    ' {"n" : 1}\n',
    '{"n":1,"x":[{"a":"__proto__"},{"a":":"},{"a":"\\ud83d\\ude00"}]}',
    `{"n":1,"x":${nested(127)}}`,
    '{"n":1,"x":[9007199254740991,1e300,0.1,-0,true,null,""]}',
    '{"n":1,"a":{"b":1},"b":{"a":1}}',
  ])('is handled: %s', async (payload) => {
    const { run, outcomes } = loopOnFakes(async () => {});

    expect(await run(delivered('1', { payload }))).toEqual([]);
    expect(outcomes()).toEqual(['ack']);
  });

  it('is checked by any Standard Schema, one that waits too, and no value is told of', async () => {
    const seen: unknown[] = [];
    const schema: StandardSchemaV1<unknown, Body> = {
      '~standard': {
        version: 1,
        vendor: 'ours',
        validate: async (value) =>
          Object(value).n === 1
            ? { value: { n: 10 } }
            : { issues: [{ message: `not ${JSON.stringify(value)}`, path: ['n', { key: 0 }] }] },
      },
    };
    const message = (n: number) => decodeRecord(delivered('1', bodyOf(n)), orders) as Message;

    seen.push(await parsePayload(message(1), schema));
    const error = await rejectionOf(parsePayload(message(2), schema));

    expect(seen).toEqual([{ n: 10 }]);
    expect(error).toEqual(new PermanentError('the payload does not fit its schema: n.0'));
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

      expect(outcomes()).toEqual(['rejected']);
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
