import { OutcomeUnknownError } from '../../../../../lambdas/shared/amqplib/errors.ts';
import type { Publisher } from '../../../../../lambdas/shared/broker/broker.ts';
import { content, opened } from './amqplib-on-fakes.ts';
import { held } from './held.ts';

const defect = new Error('a defect');

/** Delivers nothing the first time. */
const failingOnce = (broker: Publisher): Publisher => {
  let calls = 0;
  return { ...broker, deliver: async (routed) => (calls++ === 0 ? Promise.reject(defect) : broker.deliver(routed)) };
};

describe('a delivery that throws', () => {
  it('leaves the outcome of its messages unknown, and the channel open', async () => {
    const { channel, stored } = await opened({}, undefined, failingOnce);
    const told: unknown[] = [];

    channel.publish('payments', 'ledger.x', content, {}, (error) => told.push(error));
    await expect(channel.waitForConfirms()).rejects.toEqual(expect.objectContaining({ cause: defect }));
    channel.publish('payments', 'ledger.x', content, {}, (error) => told.push(error));
    await channel.waitForConfirms();

    expect(told).toEqual([expect.any(OutcomeUnknownError), null]);
    expect(stored()).toHaveLength(1);
  });

  it('returns nothing: whether a queue was bound, nobody said', async () => {
    const { channel } = await opened({}, undefined, failingOnce);
    const returned: unknown[] = [];
    channel.on('return', (message) => returned.push(message));

    channel.publish('payments', 'nobody', content, { mandatory: true });
    await expect(channel.waitForConfirms()).rejects.toBeInstanceOf(OutcomeUnknownError);

    expect(returned).toEqual([]);
  });

  it('is told by waitForConfirms and by close on a channel without confirms', async () => {
    const { connection } = await opened({}, undefined, failingOnce);
    const channel = await connection.createChannel();

    channel.publish('payments', 'ledger.x', content);

    await expect(channel.waitForConfirms()).rejects.toBeInstanceOf(OutcomeUnknownError);
    await expect(channel.close()).rejects.toBeInstanceOf(OutcomeUnknownError);
  });

  it('does not hide why the channel is closed', async () => {
    const { channel } = await opened({}, undefined, failingOnce);
    const told: unknown[] = [];
    const closed = new Promise((resolve) => channel.once('close', resolve));
    channel.on('error', ({ code }) => told.push(code));

    channel.publish('payments', 'ledger.x', content, {}, (error) => told.push(error?.name));
    channel.publish('gone', '', content, {}, (error) => told.push(error?.message));
    await expect(channel.waitForConfirms()).rejects.toThrow();
    await closed;

    expect(told).toEqual(['OutcomeUnknownError', 404, 'channel closed']);
  });
});

describe('an error that closes the channel', () => {
  it('closes it before its listeners hear of it: they cannot publish on it', async () => {
    const { channel } = await opened();
    const told: unknown[] = [];
    const closed = new Promise((resolve) => channel.once('close', resolve));
    channel.on('error', () => {
      expect(() => channel.publish('payments', 'ledger.x', content)).toThrow('Channel closed');
      told.push('error');
    });

    channel.publish('gone', '', content);
    await closed;

    expect(told).toEqual(['error']);
  });

  it('is told after the confirms of all that were accepted before it, also while others are being sent', async () => {
    const { begun, letGo, instead } = held();
    const { channel, stored } = await opened({}, undefined, instead);
    const told: unknown[] = [];
    const tell = (label: string) => (error: Error | null) => told.push(`${label}: ${error?.message ?? 'ack'}`);
    channel.on('error', ({ code }) => told.push(code));

    channel.publish('payments', 'ledger.x', content, {}, tell('first'));
    await begun;
    channel.publish('payments', 'ledger.x', content, {}, tell('second'));
    channel.publish('gone', '', content, {}, tell('wrong'));
    letGo();
    await new Promise((resolve) => channel.once('close', resolve));

    expect(told).toEqual(['first: ack', 'second: ack', 404, 'wrong: channel closed']);
    expect(stored()).toHaveLength(2);
  });
});

describe('a callback or listener that throws', () => {
  it('keeps nobody from being told; handler-error tells of it, as amqplib’s does', async () => {
    const { channel } = await opened();
    const told: unknown[] = [];
    const handled = new Promise((resolve) => {
      channel.once('handler-error', (error, event) => resolve([error, event]));
    });

    channel.publish('payments', 'ledger.x', content, {}, () => {
      throw defect;
    });
    channel.publish('payments', 'ledger.x', content, {}, (error) => told.push(error));
    await channel.waitForConfirms();

    expect(told).toEqual([null]);
    expect(await handled).toEqual([defect, 'ack']);
  });

  it('may be the one of an error: the callbacks hear that the channel is closed', async () => {
    const { channel } = await opened();
    const handled = new Promise((resolve) => channel.once('handler-error', (_, event) => resolve(event)));
    const told: unknown[] = [];

    channel.publish('gone', '', content, {}, (error) => told.push(error?.message));
    await expect(channel.waitForConfirms()).rejects.toThrow('channel closed');

    expect(told).toEqual(['channel closed']);
    expect(await handled).toBe('error');
  });

  it('has its connection told where the channel has no listener for it, as an error of the channel has', async () => {
    const { connection, channel } = await opened();
    const told: unknown[] = [];
    connection.on('error', (error) => told.push(error));
    const closed = new Promise((resolve) => channel.once('close', resolve));

    channel.publish('payments', 'ledger.x', content, {}, () => {
      throw defect;
    });
    channel.publish('gone', '', content);
    await closed;
    await new Promise(setImmediate);

    expect(told).toEqual([defect, expect.objectContaining({ message: expect.stringContaining('404 (NOT-FOUND)') })]);
  });
});

describe('the deadline of a connection', () => {
  it('is asked for at each send, and handed to the broker', async () => {
    const deadlines: unknown[] = [];
    const instead = (broker: Publisher): Publisher => ({
      ...broker,
      deliver: (routed, deadline) => {
        deadlines.push(deadline?.reason);
        return broker.deliver(routed, deadline);
      },
    });
    let sends = 0;
    const { channel } = await opened({}, undefined, instead, () => AbortSignal.abort(`send ${++sends}`));

    for (let at = 0; at < 2; at++) {
      channel.publish('payments', 'ledger.x', content);
      await channel.waitForConfirms().catch(() => {});
    }

    expect(deadlines).toEqual(['send 1', 'send 2']);
  });
});
