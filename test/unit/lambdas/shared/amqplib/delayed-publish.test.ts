import { exchange, queue, topology } from '../../../rabbitmq/topology-builders.ts';
import { content, opened } from './amqplib-on-fakes.ts';

/** `later` is an x-delayed-message exchange of type fanout. */
const delayed = topology({
  exchanges: [exchange('later', 'fanout', { delayed: true })],
  queues: [queue('work')],
  bindings: [{ vhost: '/', source: 'later', destination: 'work', destinationType: 'queue', bindingKey: '' }],
});

describe('a publish to a delayed exchange', () => {
  it.each([
    ['a number', 5000],
    ['a number with its type', { '!': 'int', value: 5000 }],
  ])('waits as long as its header x-delay says: %s (rule 4.11.5)', async (_, delay) => {
    const { channel, sender } = await opened({}, delayed);

    channel.publish('later', '', content, { headers: { 'x-delay': delay } });
    await channel.waitForConfirms();

    expect(sender.sent).toMatchObject([['/|work', [{ DelaySeconds: 5 }]]]);
  });
});
