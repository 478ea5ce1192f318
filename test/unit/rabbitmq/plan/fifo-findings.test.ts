import { found, q } from '../findings-in.ts';

const document = { queues: [{ ...q, durable: true, arguments: { 'x-single-active-consumer': true } }] };

describe('what is said about a queue in order', () => {
  it('whole, it is one message group, which has a limit: nothing that stops anybody', () => {
    expect(found('fifo-queue', document)).toMatchObject([
      {
        class: 'compatible',
        message: expect.stringMatching(/300 calls a second.*one message group: in order, one batch at a time/),
        fix: expect.stringContaining('orderBy'),
      },
    ]);
  });

  it('by a key, it is several, and there is nothing to do', () => {
    expect(found('fifo-queue', document, { orderOf: () => ({ member: 'order_no' }) })).toMatchObject([
      {
        class: 'compatible',
        message: expect.stringContaining("a message group for each member 'order_no'"),
        fix: 'none.',
      },
    ]);
  });
});
