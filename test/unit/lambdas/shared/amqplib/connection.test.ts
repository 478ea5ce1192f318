import { placeOf } from '../../../../../lambdas/shared/amqplib/connect.ts';
import { OutcomeUnknownError } from '../../../../../lambdas/shared/amqplib/errors.ts';
import { refused, unknown } from '../broker/broker-on-fakes.ts';
import { content, opened } from './amqplib-on-fakes.ts';

describe('a confirm channel with the shape of amqplib', () => {
  it.each([
    ['is nacked', refused, new Error('message nacked')],
    ['is of unknown outcome', unknown, expect.any(OutcomeUnknownError)],
  ])('tells its callback, and waitForConfirms, of what %s', async (_, answer, error) => {
    const { channel } = await opened({ '/|ledger': [answer] });
    const told: unknown[] = [];

    channel.publish('payments', 'ledger.x', content, {}, (one) => told.push(one));

    await expect(channel.waitForConfirms()).rejects.toEqual(error);
    expect(told).toEqual([error]);
  });

  it('sends what is published in one turn together', async () => {
    const { sender, channel } = await opened();

    for (let at = 0; at < 25; at++) channel.publish('payments', 'ledger.x', content);
    await channel.waitForConfirms();

    expect(sender.sent.map(([, messages]) => messages.length)).toEqual([25]);
  });

  it('tells callbacks in the order of publishing, each once', async () => {
    const { channel } = await opened();
    const told: number[] = [];

    for (const at of [1, 2, 3]) channel.publish('payments', 'ledger.x', content, {}, () => told.push(at));
    await channel.waitForConfirms();
    channel.publish('payments', 'ledger.x', content, {}, () => told.push(4));
    await channel.close();

    expect(told).toEqual([1, 2, 3, 4]);
  });

  it('is logged in as the user of its URL', async () => {
    const { channel } = await opened();
    const errors: Error[] = [];
    channel.on('error', (error) => errors.push(error));

    channel.publish('payments', 'ledger.x', content, { userId: 'shop' });
    await channel.waitForConfirms();
    channel.publish('payments', 'ledger.x', content, { userId: 'guest' });
    await expect(channel.waitForConfirms()).rejects.toThrow('channel closed');

    expect(errors).toMatchObject([{ code: 406 }]);
  });

  it('refuses a content that is no buffer, and everything once it is closed', async () => {
    const { channel } = await opened();

    expect(() => channel.publish('payments', 'ledger.x', 'text' as never)).toThrow('content is not a buffer');
    await channel.close();
    expect(() => channel.sendToQueue('orders', content)).toThrow('Channel closed');
  });
});

describe('the URL of a connection', () => {
  it.each([
    ['amqp://localhost', '/', 'guest'],
    ['amqp://shop:secret@mq:5672/', '/', 'shop'],
    ['amqps://a%40b@mq/my%2Fvhost', 'my/vhost', 'a@b'],
  ])('%s names a vhost and a user', (url, vhost, user) => {
    expect(placeOf(url)).toEqual({ vhost, user });
  });
});
