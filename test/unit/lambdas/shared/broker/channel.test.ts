import { ChannelClosedError, openChannel } from '../../../../../lambdas/shared/broker/channel.ts';
import { clientMessage } from '../../builders.ts';
import { brokerOn, FakeSender } from './broker-on-fakes.ts';

function opened() {
  const sender = new FakeSender();
  return { sender, channel: openChannel(brokerOn(sender)) };
}

describe('a channel', () => {
  it('sends when it is flushed, and numbers its messages on (rule 4.5.23)', async () => {
    const { sender, channel } = opened();
    channel.publish(clientMessage());
    channel.selectConfirm();
    channel.publish(clientMessage());

    expect(sender.sent).toEqual([]);
    expect((await channel.flush()).events).toMatchObject([{ method: 'basic.ack', delivery_tag: 1 }]);
    channel.publish(clientMessage());
    expect((await channel.flush()).events).toMatchObject([{ method: 'basic.ack', delivery_tag: 2 }]);
    expect(await channel.flush()).toEqual({ events: [], reports: [] });
  });

  it.each([
    ['confirm', 'tx'],
    ['tx', 'confirm'],
  ] as const)('in %s mode refuses %s mode (rule 4.5.29)', async (first, second) => {
    const { channel } = opened();
    const select = { confirm: channel.selectConfirm, tx: channel.selectTx };
    select[first]();
    select[first]();

    expect(() => select[second]()).toThrow(`406 PRECONDITION_FAILED - cannot switch from ${first} to ${second} mode`);
    expect(() => channel.publish(clientMessage())).toThrow(ChannelClosedError);
  });

  it('tells once why it is closed', async () => {
    const { channel } = opened();
    expect(() => channel.publish(clientMessage({ exchange: 'gone' }))).toThrow('404 NOT_FOUND');

    expect((await channel.flush()).events).toMatchObject([{ method: 'channel.close', reply_code: 404 }]);
    expect((await channel.flush()).events).toEqual([]);
  });
});

describe('a transaction of a channel', () => {
  it('sends at commit and not before; a rollback drops it (rules 4.5.14, 4.5.25, 4.5.27)', async () => {
    const { sender, channel } = opened();
    channel.selectTx();
    channel.publish(clientMessage());
    expect(await channel.flush()).toEqual({ events: [], reports: [] });
    channel.rollback();
    expect((await channel.commit()).events).toEqual([{ method: 'tx.commit-ok' }]);
    expect(sender.sent).toEqual([]);

    channel.publish(clientMessage());
    expect((await channel.commit()).reports).toMatchObject([{ confirm: 'ack' }]);
    expect(sender.sent).toHaveLength(2);
  });
});
