import { definitionsFile, shop, warren } from './run-warren.ts';

const explain = (...args: string[]) => warren(['explain', definitionsFile(shop), ...args]);

describe('warren explain', () => {
  it('draws the way of a message: exchanges, matching bindings, where it ends', async () => {
    const { status, stdout } = await explain('-e', 'orders', '-k', 'order.later');

    expect(status).toBe(0);
    expect(stdout).toBe(
      [
        'orders (topic)',
        '├─ key "order.later" → queue wait (a delay: after 5000 ms to \'late\')',
        '├─ key "order.#" → queue work',
        '└─ alternate exchange unrouted: not used',
        '',
        '2 queues get it: wait, work',
        '',
      ].join('\n'),
    );
  });

  it('shows the alternate exchange that took over', async () => {
    const { stdout } = await explain('-e', 'orders', '-k', 'refund');

    expect(stdout).toContain('└─ nothing matches, alternate exchange → unrouted (fanout)\n   └─ key "" → queue rest');
  });

  it.each([
    ['acked and dropped', []],
    ['returned to the publisher', ['--mandatory']],
  ])('says that an unroutable message is %s', async (end, more) => {
    const { status, stdout } = await explain('-e', '', '-k', 'nobody', ...more);

    expect(status).toBe(0);
    expect(stdout).toContain(`No queue gets it: ${end}`);
  });

  it('prints queues, return and hops for machines', async () => {
    const { json } = await explain('-e', 'orders', '-k', 'x', '--cc', 'order.1', '--header', 'n=5', '--json');

    expect(json()).toEqual({
      queues: ['work'],
      returned: false,
      hops: [
        {
          exchange: 'orders',
          type: 'topic',
          reached: { by: 'publish' },
          matches: [{ destination: 'work', destinationType: 'queue', bindingKey: 'order.#' }],
          alternate: { exchange: 'unrouted', use: 'not used' },
          unroutable: false,
        },
      ],
    });
  });

  it.each([
    ['404 NOT_FOUND', ['-e', 'gone']],
    ['403 ACCESS_REFUSED', ['-e', 'late']],
  ])('ends with 1 for a channel error: %s', async (text, args) => {
    const { status, stdout } = await explain(...args);

    expect(status).toBe(1);
    expect(stdout).toContain(text);
  });

  it('refuses to route by definitions that cannot be deployed', async () => {
    const { status, stdout, stderr } = await warren(['explain', definitionsFile('{'), '-e', 'x']);

    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/definitions\.json:1:\d+ blocking: /);
  });
});
