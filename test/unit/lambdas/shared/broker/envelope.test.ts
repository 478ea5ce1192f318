import type { SQSRecord } from 'aws-lambda';
import * as fc from 'fast-check';
import {
  decodeRecord,
  encodeMessage,
  sqsMessageBytes,
  UnreadableEnvelopeError,
} from '../../../../../lambdas/shared/broker/envelope.ts';
import { PermanentError } from '../../../../../lambdas/shared/consumer/errors.ts';
import type { Headers, Message } from '../../../../../rabbitmq/message.ts';
import { sqsRecord } from '../../../../support/sqs-event.ts';
import { whole } from '../../../../support/whole-message.ts';
import { errorOf, message, recordOf } from '../../builders.ts';

const queue = { vhost: 'shop', name: 'orders.payments' };
const text = fc.string({ unit: 'binary', maxLength: 30 });
const payload = fc.oneof(
  fc.record({ payload: text, payloadEncoding: fc.constant('string' as const) }),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => ({
    payload: Buffer.from(bytes).toString('base64'),
    payloadEncoding: 'base64' as const,
  })),
);
// Parsed, so that __proto__ is a name like any other.
const json = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.stringify(value))
  .map((value) => JSON.parse(value));
const anyMessage: fc.Arbitrary<Message> = fc
  .record({
    vhost: text,
    exchange: text,
    routingKeys: fc.array(text, { minLength: 1, maxLength: 3 }),
    properties: fc.record(
      {
        message_id: fc.string({ minLength: 1 }),
        content_type: text,
        correlation_id: text,
        timestamp: fc.nat(),
        reply_to: text,
      },
      { requiredKeys: ['message_id'] },
    ),
    headers: fc.dictionary(
      text.filter((name) => name !== '__proto__'),
      json,
    ),
  })
  .chain((rest) => payload.map((body) => ({ ...rest, ...body })));

/** What a consumer is to see of a payload, however it travelled. */
const bytesOf = ({ payload: body, payloadEncoding }: Message) =>
  Buffer.from(body, payloadEncoding === 'base64' ? 'base64' : 'utf8').toString('hex');

describe('a message in an SQS record', () => {
  it('comes out as it went in, byte for byte', () => {
    fc.assert(
      fc.property(anyMessage, (original) => {
        const decoded = whole(decodeRecord(recordOf(encodeMessage(original)), queue));
        const { payload: _, payloadEncoding: __, ...rest } = decoded;

        expect({ ...original, ...rest }).toEqual(original);
        expect(bytesOf(decoded)).toBe(bytesOf(original));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps text as text where SQS takes it, so that anybody can read the body', () => {
    for (const readable of ['{"n":1}', 'tab\tline\r\n', '支付成功', '\u{1F4B0}', '(empty)']) {
      expect(encodeMessage(message({ payload: readable })).MessageBody).toBe(readable);
    }
  });

  it('always has a body that SQS takes: never empty, no control characters', () => {
    fc.assert(
      fc.property(anyMessage, (original) => {
        expect(encodeMessage(original).MessageBody).toMatch(
          /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]+$/u,
        );
      }),
    );
  });

  it('always has an attribute that SQS takes', () => {
    const { MessageAttributes } = encodeMessage(message({ headers: { note: 'a\uFFFFb' } }));

    expect(MessageAttributes['amqp']?.StringValue).not.toMatch(/[\uFFFE\uFFFF]/);
  });

  it('keeps a header whatever its name', () => {
    const headers: Headers = JSON.parse('{"__proto__": "x"}');

    expect(Object.keys(decodeRecord(recordOf(encodeMessage(message({ headers }))), queue).headers)).toEqual([
      '__proto__',
    ]);
  });

  it('survives a second send: what was read can be stored again', () => {
    const once = whole(decodeRecord(recordOf(encodeMessage(message({ payload: 'a\u0000b' }))), queue));

    expect(decodeRecord(recordOf(encodeMessage(once)), queue)).toEqual(once);
  });
});

describe('the size of a message', () => {
  it('is the bytes of the body and of name, type and value of each attribute', () => {
    const attribute = { DataType: 'String', StringValue: '值' };

    expect(sqsMessageBytes({ MessageBody: '支付', MessageAttributes: {} })).toBe(6);
    expect(sqsMessageBytes({ MessageBody: 'ab', MessageAttributes: { amqp: attribute, x: attribute } })).toBe(
      2 + (4 + 6 + 3) + (1 + 6 + 3),
    );
  });
});

describe('a record without an envelope', () => {
  it('reads as published to the default exchange for its queue, its SQS message id as event id', () => {
    expect(decodeRecord(sqsRecord('by hand', { messageId: 'sqs-1' }), queue)).toEqual({
      vhost: 'shop',
      exchange: '',
      routingKeys: ['orders.payments'],
      properties: { message_id: 'sqs-1' },
      headers: {},
      payload: 'by hand',
      payloadEncoding: 'string',
    });
  });
});

describe('an envelope', () => {
  const valid = JSON.parse(encodeMessage(message()).MessageAttributes['amqp']?.StringValue ?? '');
  const { properties: _, ...withoutProperties } = valid;
  const recordWith = (stringValue: string): SQSRecord =>
    sqsRecord('{}', { messageId: 'sqs-7', messageAttributes: { amqp: { stringValue, dataType: 'String' } } });

  const claim = { key: 'ab'.repeat(32), bytes: 536_870_912, encoding: 'text' };
  const claiming = (changes: object): string =>
    JSON.stringify({ ...valid, body: 'claim', claim: { ...claim, ...changes } });

  it('may claim a body that lies elsewhere', () => {
    const { payload: _payload, payloadEncoding: _encoding, ...rest } = message();

    expect(decodeRecord(recordWith(claiming({})), queue)).toEqual({ ...rest, claim });
  });

  it.each([
    ['is not JSON', '{'],
    ['is empty', ''],
    ['is no object', '[]'],
    ['has another major version', JSON.stringify({ ...valid, version: 2 })],
    ['has no version', JSON.stringify({ ...valid, version: undefined })],
    ['has no routing key', JSON.stringify({ ...valid, routing_keys: [] })],
    ['has no properties', JSON.stringify(withoutProperties)],
    ['has no event id', JSON.stringify({ ...valid, properties: {} })],
    ['names an unknown form of the body', JSON.stringify({ ...valid, body: 'zstd' })],
    ['claims a body and says not where it is', JSON.stringify({ ...valid, body: 'claim' })],
    ['claims a body that it has', JSON.stringify({ ...valid, claim })],
    ['claims a body in a folder', claiming({ key: `../${claim.key}` })],
    ['claims a body by a key that is no checksum', claiming({ key: claim.key.toUpperCase() })],
    ['claims a body in a bucket of its own choice', claiming({ bucket: 'theirs' })],
    ['claims a body of no bytes', claiming({ bytes: 0 })],
    ['claims a body of over 512 MiB', claiming({ bytes: 536_870_913 })],
    ['claims a body in another encoding', claiming({ encoding: 'gzip' })],
  ])('that %s is unreadable, for good, and its SQS message is named', (__, stringValue) => {
    const error = errorOf(() => decodeRecord(recordWith(stringValue), queue));

    expect(error).toBeInstanceOf(UnreadableEnvelopeError);
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ message: expect.stringContaining('sqs-7') });
  });

  it('may hold what a later minor version adds', () => {
    const properties = { ...valid.properties, priority: 5 };
    const later = JSON.stringify({ ...valid, expires_at: 1, properties });

    expect(decodeRecord(recordWith(later), queue)).toMatchObject({ properties });
  });

  it('whose headers are nested 20,000 deep is unreadable for good', () => {
    const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const stringValue = JSON.stringify(valid).replace('"headers":{}', `"headers":${deep}`);

    expect(errorOf(() => decodeRecord(recordWith(stringValue), queue))).toBeInstanceOf(PermanentError);
  });
});
