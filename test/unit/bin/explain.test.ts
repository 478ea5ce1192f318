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

describe('warren explain of delays', () => {
  const delayed = {
    exchanges: [
      { name: 'later', vhost: 'shop', type: 'x-delayed-message', arguments: { 'x-delayed-type': 'fanout' } },
      { name: 'dead', vhost: 'shop', type: 'fanout' },
    ],
    queues: [
      { name: 'work', vhost: 'shop' },
      {
        name: 'slow',
        vhost: 'shop',
        arguments: { 'x-message-ttl': 5_184_000_000, 'x-dead-letter-exchange': 'dead' },
      },
    ],
    bindings: [
      ['later', 'work'],
      ['later', 'slow'],
      ['dead', 'work'],
    ].map(([source, destination]) => ({
      source,
      vhost: 'shop',
      destination,
      destination_type: 'queue',
      routing_key: '',
    })),
  };
  const explainDelayed = (...args: string[]) => warren(['explain', definitionsFile(delayed), '--anyway', ...args]);

  it.each([
    ['5000', 'a delayed-message exchange: after 5000 ms'],
    ['5000000', 'a delayed-message exchange: after 5000000 ms'],
    ['5000000000', 'a delayed-message exchange: 5000000000 ms is too long'],
    ['{"!":"int","value":5000}', 'a delayed-message exchange: after 5000 ms'],
  ])('says what an x-delay of %s does', async (delay, said) => {
    const { stdout } = await explainDelayed('-e', 'later', '--vhost', 'shop', '-H', `x-delay=${delay}`);

    expect(stdout).toContain(said);
  });

  it('ends with 1 and counts only who gets the message, when a copy is refused', async () => {
    const { status, stdout } = await explainDelayed('-e', 'later', '--vhost', 'shop');

    expect(status).toBe(1);
    expect(stdout).toContain("→ queue slow (a delay: after 5184000000 ms to 'dead'): refused\n");
    expect(stdout.split('\n\n')[1]).toBe(
      [
        '1 queue gets it: work',
        'Refused for slow: a delay of 5184000000 ms is longer than 4294967295 ms.',
        'The publisher gets a nack.',
        'If something consumes slow, it is no delay: say so with --consumed.',
        '',
      ].join('\n'),
    );
  });

  it('ends with 1 and delivers nothing, when the message itself is to wait too long', async () => {
    const args = ['-e', 'later', '--vhost', 'shop', '-H', 'x-delay=5000000000'];
    const { status, stdout } = await explainDelayed(...args);
    const { json } = await explainDelayed(...args, '--json');

    expect(status).toBe(1);
    expect(stdout).toContain('No queue gets it.\nRefused for slow, work: a delay of 5000000000 ms is longer');
    expect(stdout).not.toContain('--consumed');
    expect(json()).toMatchObject({ queues: ['slow', 'work'], refused: [{ queue: 'slow' }, { queue: 'work' }] });
  });

  it('is refused for a file that holds a delay no queue can keep, unless it is asked for anyway', async () => {
    const refused = await warren(['explain', definitionsFile(delayed), '-e', 'later', '--vhost', 'shop']);

    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toContain('no message for ');
  });

  it('says that a delay queue of 60 days refuses its messages, unless something consumes it', async () => {
    const args = ['-e', '', '-k', 'slow', '--vhost', 'shop'];
    const [refused, consumed] = [await explainDelayed(...args), await explainDelayed(...args, '--consumed', 'slow')];

    expect(refused).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('No queue gets it.\nRefused for slow: '),
    });
    expect(consumed).toMatchObject({ status: 0, stdout: expect.stringContaining('→ queue slow\n') });
  });

  it.each([
    ['in another vhost', ['-e', 'later'], 'Did you mean --vhost shop?'],
    ['of another name', ['-e', 'latr', '--vhost', 'shop'], "Did you mean 'later', "],
    ['in no vhost of the file', ['-e', 'later2', '--vhost', 'nope'], "The file has no vhost 'nope'."],
  ])('names what was perhaps meant when the exchange is %s', async (_, args, said) => {
    const { status, stdout } = await explainDelayed(...args);

    expect(status).toBe(1);
    expect(stdout).toContain(said);
  });
});
