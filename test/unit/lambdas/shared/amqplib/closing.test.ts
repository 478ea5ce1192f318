import type { PublishingConnection } from '../../../../../lambdas/shared/amqplib/connection.ts';
import type { PublishingChannel } from '../../../../../lambdas/shared/amqplib/publishing-channel.ts';
import { rejectionOf } from '../../builders.ts';
import { connected, content } from './amqplib-on-fakes.ts';
import { held } from './held.ts';

interface Opened {
  readonly connection: PublishingConnection;
  readonly channel: PublishingChannel;
}

const ends: readonly (readonly [name: string, close: (opened: Opened) => Promise<void>])[] = [
  ['its channel', ({ channel }) => channel.close()],
  ['its connection', ({ connection }) => connection.close()],
];

describe.each(ends)('closing %s', (_, close) => {
  it('waits until what was published is stored, and its publisher told', async () => {
    const { begun, letGo, instead } = held();
    const { connection, stored } = await connected({}, undefined, instead);
    const channel = await connection.createConfirmChannel();
    const told: unknown[] = [];
    channel.on('close', () => told.push('close'));

    channel.sendToQueue('orders', content, {}, (error) => told.push(error));
    const closing = close({ connection, channel }).then(() => told.push('resolved'));
    await begun;
    expect(told).toEqual([]);
    letGo();
    await closing;

    expect(told).toEqual([null, 'close', 'resolved']);
    expect(stored()).toHaveLength(1);
  });

  it('says so to the next publish, and to the next close', async () => {
    const { connection } = await connected();
    const channel = await connection.createChannel();
    channel.sendToQueue('orders', content);

    const closing = close({ connection, channel });

    expect(() => channel.sendToQueue('orders', content)).toThrow(/^(Channel|Connection) closing$/);
    await expect(close({ connection, channel })).rejects.toThrow(/^(Channel|Connection) closing$/);
    await closing;
    expect(() => channel.sendToQueue('orders', content)).toThrow('Channel closed');
    expect(await rejectionOf(close({ connection, channel }))).toMatchObject({
      name: 'IllegalOperationError',
      message: expect.stringMatching(/^Channel closed$|^Connection closed \(by client\)$/),
    });
  });

  it('rejects with what would have closed the channel: nobody else hears of it', async () => {
    const { connection, stored } = await connected();
    const channel = await connection.createChannel();
    const told: unknown[] = [];
    channel.on('close', () => told.push('close'));

    channel.sendToQueue('orders', content);
    channel.publish('gone', '', content);

    await expect(close({ connection, channel })).rejects.toMatchObject({ code: 404 });
    expect(told).toEqual(['close']);
    expect(stored()).toHaveLength(1);
  });
});

describe('closing a connection', () => {
  it('closes each of its channels, also those that are closing, and then tells of itself', async () => {
    const { connection, stored } = await connected();
    const told: string[] = [];
    connection.on('close', () => told.push('connection'));
    for (const name of ['one', 'two', 'three']) {
      const channel = await connection.createChannel();
      channel.on('close', () => told.push(name));
      channel.sendToQueue('orders', content);
      if (name === 'two') void channel.close();
    }

    await connection.close();

    expect(told.slice(0, 3).sort()).toEqual(['one', 'three', 'two']);
    expect(told[3]).toBe('connection');
    expect(stored()).toHaveLength(3);
  });

  it('has nothing to say of channels that were closed before', async () => {
    const { connection } = await connected();
    const [ended, failed] = [await connection.createChannel(), await connection.createChannel()];
    await ended.close();
    const closed = new Promise((resolve) => failed.once('close', resolve));
    failed.once('error', () => {});
    failed.publish('gone', '', content);
    await closed;

    await expect(connection.close()).resolves.toBeUndefined();
  });

  it('ends its making of channels', async () => {
    const { connection } = await connected();

    const closing = connection.close();

    await expect(connection.createChannel()).rejects.toThrow('Connection closing');
    await closing;
    await expect(connection.createConfirmChannel()).rejects.toThrow('Connection closed (by client)');
  });
});
