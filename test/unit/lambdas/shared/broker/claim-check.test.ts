import { createHash } from 'node:crypto';
import type { SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { BodyCorruptError, BodyMissingError, type Claimed } from '../../../../../lambdas/shared/broker/claim.ts';
import { withBody } from '../../../../../lambdas/shared/broker/claim-check.ts';
import {
  decodeRecord,
  encodeMessage,
  maxMessageBytes,
  type SqsMessage,
  sqsMessageBytes,
} from '../../../../../lambdas/shared/broker/envelope.ts';
import { createSqsQueueSender } from '../../../../../lambdas/shared/broker/queue-sender.ts';
import type { Message } from '../../../../../rabbitmq/message.ts';
import { bindQueue, exchange, queue, topology } from '../../../rabbitmq/topology-builders.ts';
import { message, recordOf, rejectionOf } from '../../builders.ts';
import { MemoryClaims } from '../../memory-claims.ts';
import { brokerOn, FakeSender } from './broker-on-fakes.ts';
import { ScriptedSqs } from './scripted-sqs.ts';

const three = topology({
  exchanges: [exchange('all', 'fanout')],
  queues: [queue('one'), queue('two'), queue('three', { messageTtl: 5_000 })],
  bindings: ['one', 'two', 'three'].map((name) => bindQueue('all', name)),
});

/** To the queue `one`, with so many bytes in SQS, envelope and all. */
function ofSqsBytes(bytes: number): Message {
  const one = { ...toOne, payload: 'x' };
  return { ...one, payload: 'x'.repeat(bytes - sqsMessageBytes(encodeMessage(one)) + 1) };
}

const toOne = message({ exchange: '', routingKeys: ['one'] });
const large = message({ exchange: 'all', payload: '支付'.repeat(400_000) });

async function publish(messages: readonly Message[], claims = new MemoryClaims()) {
  const sqs = new ScriptedSqs();
  const sender = createSqsQueueSender({ sqs: sqs.asClient(), maxAttempts: 1, sleep: async () => {}, random: () => 0 });
  const published = await brokerOn(sender, three, undefined, { claims }).publish(messages);
  return { published, copies: sqs.calls.flatMap(({ Entries = [] }) => Entries.map(copyOf)), claims };
}

const copyOf = ({ MessageBody = '', MessageAttributes = {} }: SendMessageBatchRequestEntry): SqsMessage => ({
  MessageBody,
  MessageAttributes,
});

const envelopeOf = ({ MessageAttributes }: SqsMessage) => JSON.parse(MessageAttributes['amqp']?.StringValue ?? '');
const received = (one: SqsMessage) => decodeRecord(recordOf(one), { vhost: '/', name: 'one' });

describe('a message that SQS takes', () => {
  it('travels whole up to exactly 1,048,576 bytes, envelope included; one byte more is claimed (rule 4.5.2)', async () => {
    const fits = await publish([ofSqsBytes(1_048_576)]);
    const doesNot = await publish([ofSqsBytes(1_048_577)]);

    expect([fits, doesNot].map(({ published }) => published[0]?.confirm)).toEqual(['ack', 'ack']);
    expect(sqsMessageBytes(fits.copies[0] as SqsMessage)).toBe(maxMessageBytes);
    expect(fits.claims.puts).toEqual([]);
    expect(doesNot.claims.puts).toHaveLength(1);
  });

  it('is measured in bytes, not in characters', async () => {
    const { claims, copies } = await publish([
      message({ exchange: '', routingKeys: ['one'], payload: '支'.repeat(349_526) }),
    ]);

    expect(claims.puts).toHaveLength(1);
    expect(envelopeOf(copies[0] as SqsMessage).claim.bytes).toBe(1_048_578);
  });
});

describe('a message that SQS does not take', () => {
  it('says in its envelope where its body lies, and in its place how large it is', async () => {
    const { copies } = await publish([large]);
    const key = createHash('sha256').update(large.payload).digest('hex');

    for (const copy of copies) {
      expect(copy.MessageBody).toBe(`(2400000 bytes, in S3 as ${key})`);
      expect(envelopeOf(copy)).toMatchObject({
        version: 1,
        body: 'claim',
        claim: { key, bytes: 2_400_000, encoding: 'text' },
      });
    }
  });

  it('for three queues is put once, whatever differs between its copies', async () => {
    const { published, copies, claims } = await publish([large]);

    expect(published).toMatchObject([{ confirm: 'ack', queues: [{}, {}, {}] }]);
    expect(copies).toHaveLength(3);
    expect(claims.puts).toHaveLength(1);
    expect(new Set(copies.map((copy) => envelopeOf(copy).expires_at))).toEqual(new Set([undefined, 15_000]));
  });

  it('is put once in one request if others have the same body, and again in the next: it lives on from then', async () => {
    const claims = new MemoryClaims();
    const twins = [large, { ...large, properties: { message_id: 'event-2' } }, ofSqsBytes(1_048_577)];

    await publish(twins, claims);
    expect(new Set(claims.puts).size).toBe(2);
    expect(claims.puts).toHaveLength(2);

    await publish(twins, claims);
    expect(claims.puts).toHaveLength(4);
    expect(claims.bodies.size).toBe(2);
  });

  it.each([
    ['text', large],
    [
      'bytes',
      message({ exchange: 'all', payload: Buffer.alloc(800_000, 255).toString('base64'), payloadEncoding: 'base64' }),
    ],
    ['text that SQS refuses', message({ exchange: 'all', payload: '\u0000'.repeat(800_000) })],
  ])('comes out as it went in: %s', async (_, original) => {
    const { copies, claims } = await publish([original]);
    const read = await Promise.all(copies.map((copy) => withBody(received(copy), claims)));

    for (const { payload, payloadEncoding } of read) {
      const isSame = payload === original.payload && payloadEncoding === original.payloadEncoding;
      expect(isSame).toBe(true);
    }
    expect(read).toHaveLength(3);
  });

  it('is refused by every queue, unsent, when its body cannot be stored or nobody says that it was (rule 4.5.21)', async () => {
    const silent = Object.assign(new Error('socket timed out'), { name: 'TimeoutError' });
    const { published, copies, claims } = await publish([large, toOne], new MemoryClaims(silent));

    expect(published.map(({ confirm }) => confirm)).toEqual(['nack', 'ack']);
    expect(published[0]?.queues).toHaveLength(3);
    for (const one of published[0]?.queues ?? []) {
      expect(one).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/2400000 bytes.*TimeoutError/) });
    }
    expect(copies).toHaveLength(1);
    expect(claims.puts).toHaveLength(1);
  });

  it('is refused when its headers alone are too large', async () => {
    const headers = { note: 'x'.repeat(maxMessageBytes) };
    const { published } = await publish([{ ...toOne, headers }]);

    expect(published).toMatchObject([
      { confirm: 'nack', queues: [{ reason: expect.stringContaining('SQS takes 1048576') }] },
    ]);
  });
});

describe('a body over the limit of its deployment', () => {
  it('closes the channel, whatever SQS or S3 would take (rule 4.5.2)', async () => {
    const broker = brokerOn(new FakeSender(), three, undefined, { maxBodyBytes: 10 });
    const ofBytes = (payload: string, payloadEncoding: Message['payloadEncoding']) => [
      message({ exchange: '', routingKeys: ['one'], payload, payloadEncoding }),
    ];

    expect(await broker.publish(ofBytes('x'.repeat(10), 'string'))).toMatchObject([{ confirm: 'ack' }]);
    expect(await broker.publish(ofBytes(Buffer.alloc(10).toString('base64'), 'base64'))).toMatchObject([
      { confirm: 'ack' },
    ]);
    expect(await rejectionOf(broker.publish(ofBytes('x'.repeat(11), 'string')))).toMatchObject({
      replyCode: 406,
      replyText: 'PRECONDITION_FAILED - message size 11 is larger than configured max size 10',
    });
  });
});

describe('a body that lies elsewhere', () => {
  const claimed = async () => {
    const { copies, claims } = await publish([large]);
    return { copy: received(copies[0] as SqsMessage) as Claimed, claims };
  };

  it('that is gone is an error, never an empty body', async () => {
    const { copy, claims } = await claimed();
    claims.bodies.clear();

    const error = await rejectionOf(withBody(copy, claims));

    expect(error).toBeInstanceOf(BodyMissingError);
    expect(error).toMatchObject({ message: expect.stringContaining(copy.claim.key) });
  });

  it.each([
    ['another', Buffer.from(large.payload.replace('支', '付'))],
    ['cut off', Buffer.from(large.payload).subarray(0, -1)],
    ['empty', Buffer.alloc(0)],
  ])('that is %s is an error', async (_, bytes) => {
    const { copy, claims } = await claimed();
    claims.bodies.set(copy.claim.key, bytes);

    expect(await rejectionOf(withBody(copy, claims))).toBeInstanceOf(BodyCorruptError);
  });

  it('is not asked for where the message has its own', async () => {
    const claims = new MemoryClaims();

    expect(await withBody(message(), claims)).toEqual(message());
    expect(claims.fetched).toEqual([]);
  });
});
