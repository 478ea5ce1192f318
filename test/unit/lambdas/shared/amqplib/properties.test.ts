import type { Options } from 'amqplib';
import * as fc from 'fast-check';
import type { Properties } from '../../../../../rabbitmq/message.ts';
import { content, opened } from './amqplib-on-fakes.ts';

/** The properties a consumer reads of a message published so; decoding them is part of the test. */
async function readBack(options: Options.Publish): Promise<Properties | undefined> {
  const { channel, stored } = await opened();
  channel.sendToQueue('orders', content, options);
  await channel.waitForConfirms();
  return stored()[0]?.properties;
}

describe('the properties of a message', () => {
  it('are those of its options', async () => {
    const options = {
      messageId: 'id',
      contentType: 'text/plain',
      contentEncoding: 'utf-8',
      correlationId: 'c',
      replyTo: 'r',
      timestamp: 7,
      type: 't',
      appId: 'a',
      userId: 'shop',
      priority: 3,
      persistent: true,
      expiration: 5000,
    };

    expect(await readBack(options)).toEqual({
      message_id: 'id',
      content_type: 'text/plain',
      content_encoding: 'utf-8',
      correlation_id: 'c',
      reply_to: 'r',
      timestamp: 7,
      type: 't',
      app_id: 'a',
      user_id: 'shop',
      priority: 3,
      delivery_mode: 2,
      expiration: '5000',
    });
  });

  it.each<[string, object, object]>([
    ['no message id', {}, { message_id: 'event-1' }],
    ['an empty message id', { messageId: '' }, { message_id: 'event-1' }],
    ['what is null', { messageId: null, type: null, timestamp: null, priority: null }, { message_id: 'event-1' }],
    ['a fraction in the priority', { priority: 4.5 }, { priority: 4 }],
    ['a timestamp of 0', { timestamp: 0 }, { timestamp: 0 }],
    ['persistent, whatever the delivery mode', { persistent: false, deliveryMode: 2 }, { delivery_mode: 1 }],
    ['a delivery mode of true', { deliveryMode: true }, { delivery_mode: 2 }],
    ['a fraction in the delivery mode', { deliveryMode: 2.9 }, { delivery_mode: 2 }],
    ['a delivery mode nobody knows, which is not persistent', { deliveryMode: 3 }, { delivery_mode: 1 }],
  ])('are as amqplib sends them: %s', async (_, options, properties) => {
    expect(await readBack(options)).toMatchObject(properties);
  });

  it('have no delivery mode where amqplib sends none', async () => {
    expect(await readBack({ deliveryMode: false })).toEqual({ message_id: 'event-1' });
  });

  it.each<[string, object, Error]>([
    [
      'a message id that is no text',
      { messageId: 7 },
      new TypeError(wrongType('messageId', 'a string (up to 255 chars)')),
    ],
    [
      'a type over 255 bytes',
      { type: 'é'.repeat(128) },
      new TypeError(wrongType('type', 'a string (up to 255 chars)')),
    ],
    ['a priority that is text', { priority: '4' }, new TypeError(wrongType('priority', 'a number (but not NaN)'))],
    ['a priority over a byte', { priority: 255.5 }, expect.any(RangeError)],
    ['a priority under 0', { priority: -0.5 }, expect.any(RangeError)],
    ['a delivery mode over a byte', { deliveryMode: 256 }, expect.any(RangeError)],
    ['a delivery mode that is no number', { deliveryMode: Number.NaN }, expect.any(TypeError)],
    [
      'a timestamp that is a Date',
      { timestamp: new Date() },
      new TypeError(wrongType('timestamp', 'a number (but not NaN)')),
    ],
    ['a timestamp with a fraction', { timestamp: 1_700_000_000.5 }, expect.any(RangeError)],
    ['a negative timestamp', { timestamp: -1 }, expect.any(RangeError)],
    ['a timestamp that no JSON number keeps', { timestamp: 2 ** 60 }, expect.any(RangeError)],
    ['an expiration of null', { expiration: null }, expect.any(TypeError)],
  ])('are refused before the message is accepted: %s', async (_, options, error) => {
    const { channel, sender } = await opened();
    const told: unknown[] = [];

    expect(() => channel.sendToQueue('orders', content, options, () => told.push('wrong'))).toThrow(error);
    await channel.close();

    expect([...told, ...sender.sent]).toEqual([]);
  });
});

describe('whatever a publisher hands over', () => {
  const anything = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withTypedArray: true }),
    fc.double({ min: -2, max: 300 }),
    fc.string(),
  );
  const fields = ['messageId', 'type', 'timestamp', 'priority', 'deliveryMode', 'persistent', 'headers'] as const;
  const options = fc.oneof(
    fc.tuple(fc.constantFrom(...fields), anything).map(([field, value]) => ({ [field]: value })),
    fc.dictionary(fc.string(), anything).map((headers) => ({ headers })),
  );
  /** RabbitMQ closes the channel for these, if they are no arrays (rule 4.5.9). */
  const closesChannel = ({ headers }: { headers?: unknown }): boolean =>
    typeof headers === 'object' && headers !== null && ['CC', 'BCC'].some((name) => name in headers);

  it('is refused at once, or read by a consumer', async () => {
    let read = 0;
    await fc.assert(
      fc.asyncProperty(
        options.filter((one) => !closesChannel(one)),
        async (handedOver) => {
          const { channel, stored } = await opened();
          try {
            channel.sendToQueue('orders', content, handedOver);
          } catch (error) {
            // Of whichever realm.
            expect(['TypeError', 'RangeError', 'SyntaxError']).toContain((error as Error).name);
            return;
          }
          await channel.waitForConfirms();
          expect(stored()).toHaveLength(1);
          read++;
        },
      ),
      { numRuns: 500 },
    );
    expect(read).toBeGreaterThan(50);
    // Five hundred runs, on a machine that may be busy.
  }, 30_000);
});

function wrongType(field: string, what: string): string {
  return `Field '${field}' is the wrong type; must be ${what}`;
}
