import type { PublishingChannel } from '../../../../../lambdas/shared/amqplib/publishing-channel.ts';
import { content, opened, tenants } from './amqplib-on-fakes.ts';

type Publish = Parameters<PublishingChannel['publish']>;

describe('a publish that throws', () => {
  it.each<[string, Error, Publish]>([
    [
      'a header of a type AMQP does not have',
      new TypeError('Unknown type to encode: bigint'),
      ['tenants', '', content, { headers: { tenant: 1n } }],
    ],
    ['headers that are text', expect.any(TypeError), ['tenants', '', content, { headers: 'tenant=shop' }]],
    [
      'an exchange that is no text',
      new TypeError("Field 'exchange' is the wrong type; must be a string (up to 255 chars)"),
      [7 as never, '', content],
    ],
    [
      'a key that AMQP cannot carry',
      new TypeError("Field 'routingKey' is the wrong type; must be a string (up to 255 chars)"),
      ['tenants', 'é'.repeat(128), content],
    ],
  ])('as amqplib does, for %s, leaves the channel as it was', async (_, error, wrong) => {
    const { channel, stored } = await opened({}, tenants);
    const told: unknown[] = [];

    channel.publish('tenants', '', content, { headers: { tenant: 'shop' }, messageId: 'before' }, () => told.push(1));
    expect(() => channel.publish(...wrong)).toThrow(error);
    channel.publish('tenants', '', content, { headers: { tenant: 'shop' }, messageId: 'after' }, () => told.push(2));
    await channel.waitForConfirms();

    expect(told).toEqual([1, 2]);
    expect(stored().map((one) => one?.properties.message_id)).toEqual(['before', 'after']);
  });
});

describe('a message that a publisher throws for', () => {
  it('is none of the channel, and the next one has a confirm of its own', async () => {
    const { channel } = await opened({}, tenants, (broker) => ({
      ...broker,
      accept(message, options) {
        if (message.properties.message_id === 'wrong') throw new Error('a defect');
        return broker.accept(message, options);
      },
    }));
    const told: unknown[] = [];

    expect(() => channel.publish('', 'orders', content, { messageId: 'wrong' }, () => told.push('wrong'))).toThrow(
      'a defect',
    );
    channel.publish('', 'orders', content, {}, (error) => told.push(error));
    await channel.waitForConfirms();

    expect(told).toEqual([null]);
  });
});

describe('what amqplib leaves out', () => {
  it('is left out: a header that is undefined', async () => {
    const { channel, stored } = await opened({}, tenants);
    const told: unknown[] = [];

    channel.publish('tenants', '', content, { headers: { tenant: undefined } }, () => told.push('unroutable'));
    channel.publish('tenants', '', content, { headers: { tenant: 'shop', trace: undefined } });
    await channel.waitForConfirms();

    expect(told).toEqual(['unroutable']);
    expect(stored().map((one) => one?.headers)).toEqual([{ tenant: 'shop' }]);
  });

  it('is the default: an undefined exchange, options and callback that are null', async () => {
    const { channel, sender } = await opened({}, tenants);

    channel.publish(undefined as never, 'orders', content);
    channel.publish('', 'orders', content, null, null);
    await channel.waitForConfirms();

    expect(sender.sent.map(([url, messages]) => [url, messages.length])).toEqual([['/|orders', 2]]);
  });
});
