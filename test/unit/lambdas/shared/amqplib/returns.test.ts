import { content, opened } from './amqplib-on-fakes.ts';

async function returnsOf(...options: object[]) {
  const { channel } = await opened();
  const returned: object[] = [];
  channel.on('return', (message) => returned.push(message));
  for (const one of options) channel.publish('payments', 'nobody', content, { mandatory: true, ...one });
  await channel.waitForConfirms();
  return returned;
}

describe('a returned message', () => {
  it('is the one that was published: its properties and headers, without BCC (rules 4.5.19, 4.5.32)', async () => {
    const headers = { bytes: Buffer.from([0xff]), count: { '!': 'double', value: 1 } };
    const [returned] = await returnsOf({
      headers,
      CC: ['copied'],
      BCC: ['hidden'],
      messageId: 'id',
      priority: 4.5,
      persistent: true,
      expiration: 5000,
      contentType: 'text/plain',
      timestamp: 7,
    });

    expect(returned).toEqual({
      fields: { replyCode: 312, replyText: 'NO_ROUTE', exchange: 'payments', routingKey: 'nobody' },
      properties: {
        headers: { ...headers, count: 1, CC: ['copied'] },
        messageId: 'id',
        priority: 4,
        deliveryMode: 2,
        expiration: '5000',
        contentType: 'text/plain',
        timestamp: 7,
      },
      content,
    });
  });

  it('has the id its client gave it, if any: an event id is ours', async () => {
    const returned = await returnsOf({}, { messageId: '' });

    expect(returned).toMatchObject([{ properties: { messageId: undefined } }, { properties: { messageId: '' } }]);
  });

  it('is returned alone, whatever other messages have its id', async () => {
    const { channel } = await opened();
    const returned: string[] = [];
    channel.on('return', (message) => returned.push(message.content.toString()));

    channel.publish('payments', 'ledger.x', Buffer.from('routed'), { mandatory: true, messageId: 'id' });
    channel.publish('payments', 'nobody', Buffer.from('unroutable'), { mandatory: true, messageId: 'id' });
    channel.publish('payments', 'nobody', Buffer.from('not mandatory'), { messageId: 'id' });
    await channel.waitForConfirms();

    expect(returned).toEqual(['unroutable']);
  });
});
