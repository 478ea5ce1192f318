import fc from 'fast-check';
import { formatQueueAddress, parseQueueAddress } from '../../../rabbitmq/queue-address.ts';

describe('the address of a queue', () => {
  it('names any vhost and any queue, slashes and all', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' });

    fc.assert(
      fc.property(name, name, (vhost, queue) => {
        expect(parseQueueAddress(formatQueueAddress({ vhost, name: queue }))).toEqual({ vhost, name: queue });
      }),
    );
  });

  it.each([
    ['%2F/orders', '/', 'orders'],
    ['shop/work.consumed', 'shop', 'work.consumed'],
    ['%2Fshop%2Feu/a/b', '/shop/eu', 'a/b'],
    ['shop/100%25', 'shop', '100%'],
  ])('is written as in RabbitMQ’s management: %s', (text, vhost, name) => {
    expect(parseQueueAddress(text)).toEqual({ vhost, name });
  });

  it.each(['orders', '/orders', 'shop/', '', '/', 'shop/100%'])('is not %p', (text) => {
    expect(parseQueueAddress(text)).toBeUndefined();
  });
});
