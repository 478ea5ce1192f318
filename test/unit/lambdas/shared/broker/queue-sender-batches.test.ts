import * as fc from 'fast-check';
import { maxMessageBytes, type SqsMessage, sqsMessageBytes } from '../../../../../lambdas/shared/broker/envelope.ts';
import { createSqsQueueSender } from '../../../../../lambdas/shared/broker/queue-sender.ts';
import { bindQueue, exchange, queue, topology } from '../../../rabbitmq/topology-builders.ts';
import { message } from '../../builders.ts';
import { brokerOn } from './broker-on-fakes.ts';
import { failing, ScriptedSqs } from './scripted-sqs.ts';

const url = 'https://sqs.us-east-1.amazonaws.com/000000000000/q';
const ofBytes = (bytes: number, letter = 'x') => ({ MessageBody: letter.repeat(bytes), MessageAttributes: {} });

function senderOn(sqs: ScriptedSqs) {
  const sender = realSenderOn(sqs);
  return {
    send: (queueUrl: string, messages: readonly SqsMessage[]) =>
      sender.send(
        queueUrl,
        messages.map((one) => ({ encode: async () => one })),
      ),
  };
}

function realSenderOn(sqs: ScriptedSqs) {
  return createSqsQueueSender({ sqs: sqs.asClient(), maxAttempts: 3, sleep: async () => {}, random: () => 0 });
}

describe('messages for one queue', () => {
  it.each([
    [0, 0],
    [1, 1],
    [10, 1],
    [11, 2],
    [95, 10],
  ])('travel ten a call: %i messages in %i calls', async (messages, calls) => {
    const sqs = new ScriptedSqs();

    const outcomes = await senderOn(sqs).send(
      url,
      Array.from({ length: messages }, (_, at) => ({ MessageBody: String(at), MessageAttributes: {} })),
    );

    expect(sqs.calls).toHaveLength(calls);
    expect(sqs.bodies().flat()).toEqual(Array.from({ length: messages }, (_, at) => String(at)));
    expect(outcomes.map((one) => 'sqsMessageId' in one && one.sqsMessageId)).toEqual(
      Array.from({ length: messages }, (_, at) => `sqs-${at}`),
    );
  });

  it('share a call up to exactly 1 MiB, attributes counted', async () => {
    const attribute = { amqp: { DataType: 'String', StringValue: 'v'.repeat(90) } };
    const rest = { MessageBody: 'y'.repeat(maxMessageBytes - 600_000 - 100), MessageAttributes: attribute };
    const fitting = new ScriptedSqs();
    const over = new ScriptedSqs();

    await senderOn(fitting).send(url, [ofBytes(600_000), rest]);
    await senderOn(over).send(url, [ofBytes(600_001), rest]);

    expect(sqsMessageBytes(rest) + 600_000).toBe(maxMessageBytes);
    expect(fitting.calls).toHaveLength(1);
    expect(over.calls).toHaveLength(2);
  });

  it('of more than 1 MiB are refused unsent; one of exactly 1 MiB and all others are sent', async () => {
    const sqs = new ScriptedSqs();

    const outcomes = await senderOn(sqs).send(url, [
      ofBytes(1, 'a'),
      ofBytes(maxMessageBytes + 1),
      ofBytes(maxMessageBytes),
      ofBytes(1, 'b'),
    ]);

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stored', 'refused', 'stored', 'stored']);
    expect(outcomes[1]).toMatchObject({ reason: expect.stringContaining(String(maxMessageBytes + 1)) });
    expect(sqs.bodies().map((bodies) => bodies.map((body) => body?.length))).toEqual([[1], [maxMessageBytes], [1]]);
  });

  it('keep their order and the limits of a call, whatever their sizes', async () => {
    const sizes = fc.array(fc.constantFrom(1, 104_858, 300_000, 524_288, maxMessageBytes), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(sizes, async (bytes) => {
        const sqs = new ScriptedSqs();
        await senderOn(sqs).send(
          url,
          bytes.map((size) => ofBytes(size)),
        );

        const calls = sqs.bodies().map((bodies) => bodies.map((body) => body?.length ?? 0));
        expect(calls.flat()).toEqual(bytes);
        for (const call of calls) {
          expect(call.length).toBeLessThanOrEqual(10);
          expect(call.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(maxMessageBytes);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are told apart in a call by their position in it, also when some are sent again', async () => {
    const sqs = new ScriptedSqs(failing(['b', 'd']));

    await senderOn(sqs).send(
      url,
      ['a', 'b', 'b', 'd'].map((body) => ofBytes(1, body)),
    );

    expect(sqs.calls.map(({ Entries = [] }) => Entries.map(({ Id }) => Id))).toEqual([
      ['0', '1', '2', '3'],
      ['0', '1', '2'],
    ]);
    expect(new Set(sqs.calls.map(({ QueueUrl }) => QueueUrl))).toEqual(new Set([url]));
  });
});

describe('messages that are large', () => {
  it('are encoded when their turn comes: a call is made before the next batch is filled', async () => {
    const sqs = new ScriptedSqs();
    const waiting: number[] = [];
    const messages = Array.from({ length: 8 }, (_, at) => ({
      async encode() {
        waiting.push(at - sqs.calls.length);
        return ofBytes(maxMessageBytes);
      },
    }));

    const outcomes = await realSenderOn(sqs).send(url, messages);

    expect(outcomes.every(({ outcome }) => outcome === 'stored')).toBe(true);
    // Of each, the one before it may be in hand still, to know that its batch is full.
    expect(Math.max(...waiting)).toBe(1);
  });

  it('are refused alone when they cannot be encoded', async () => {
    const encode = async () => ofBytes(1, 'a');
    const fails = async () => {
      throw new Error('no body');
    };

    const outcomes = await realSenderOn(new ScriptedSqs()).send(url, [{ encode }, { encode: fails }, { encode }]);

    expect(outcomes).toMatchObject([
      { outcome: 'stored' },
      { outcome: 'refused', reason: expect.stringContaining('no body') },
      { outcome: 'stored' },
    ]);
  });
});

describe('a thousand messages of a fanout exchange', () => {
  it.each([
    [1, 100],
    [3, 300],
  ])('to %i queues cost %i calls', async (count, calls) => {
    const sqs = new ScriptedSqs();
    const queues = Array.from({ length: count }, (_, at) => queue(`q${at}`));
    const broker = brokerOn(
      realSenderOn(sqs),
      topology({
        exchanges: [exchange('all', 'fanout')],
        queues,
        bindings: queues.map(({ name }) => bindQueue('all', name)),
      }),
    );

    const published = await broker.publish(Array.from({ length: 1000 }, () => message({ exchange: 'all' })));

    expect(published.filter(({ confirm }) => confirm === 'ack')).toHaveLength(1000);
    expect(sqs.calls).toHaveLength(calls);
  });
});
