import { addressOfTags } from '../../../../bin/warren/backlog/queue-tags.ts';
import { tagValue } from '../../../../lib/constructs/queue-with-dead-letters.ts';

describe('the RabbitMQ queue of an SQS queue', () => {
  it.each([
    { vhost: '/', name: 'orders.payments' },
    { vhost: 'eu/shop', name: '退款 → #1 (50 %) =41' },
  ])('is read from its tags as the deployment wrote them: %j', (address) => {
    const { vhost, name } = address;
    expect(addressOfTags({ 'rabbitmq:vhost': tagValue(vhost), 'rabbitmq:queue': tagValue(name) })).toEqual(address);
  });

  it('is none of a queue without them', () => {
    expect(addressOfTags({ 'warren:stage': 'dev' })).toBeUndefined();
  });
});
