import { definitionsFile, shop, warren } from './run-warren.ts';

describe('warren check', () => {
  it('ends with 0 and shows what each queue becomes when nothing stops a deployment', async () => {
    const { status, stdout, stderr } = await warren(['check', definitionsFile(shop)]);

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^work +warren-dev-work +standard +4 +- +-$/m);
    expect(stdout).toMatch(/^wait +\(a delay, no queue\) +- +- +late work +5000 ms$/m);
    expect(stdout).toContain('Nothing stops a deployment: 2 queues and 1 delay,');
  });

  it('ends with the delays by name, and with what speaks against them', async () => {
    const policies = [{ name: 'dlx', vhost: '/', pattern: '^mail', definition: { 'dead-letter-exchange': 'late' } }];
    const queues = [...shop.queues, { name: 'mail', vhost: '/', arguments: { 'x-message-ttl': 60_000 } }];
    const inVhost = (object: object) => ({ vhost: '/', ...object });
    const file = definitionsFile({
      exchanges: shop.exchanges.map(inVhost),
      queues: queues.map(inVhost),
      bindings: shop.bindings.map(inVhost),
      policies,
    });

    expect((await warren(['check', file])).stdout.split('\n').slice(-3)).toEqual([
      "2 queues are delays, no SQS queue: 'mail', 'wait'. If something consumes one, say so: --consumed mail.",
      "'mail' may be no delay: its dead-letter exchange comes from the policy 'dlx'.",
      '',
    ]);
    expect((await warren(['check', file, '--json'])).json()).toMatchObject({
      queues: [{}, {}, { name: 'wait', doubts: [] }, { name: 'mail', doubts: [expect.any(String)] }],
    });
  });

  it('says in the table where a message goes that is received too often, and where RabbitMQ has no limit', async () => {
    const { stdout } = await warren(['check', definitionsFile(shop)]);

    expect(stdout).toMatch(/DELIVERIES\* +DEAD LETTERS TO\*\* /);
    expect(stdout).toMatch(/^rest +warren-dev-rest +standard +10† /m);
    expect(stdout).toContain(
      '** by a consumer of Warren’s; what others fail to handle so often goes to the queue’s own SQS dead-letter queue',
    );
    expect(stdout).toContain('† without a delivery limit: RabbitMQ would redeliver for ever');
  });

  it('ends with 1 and names the place and the fix when a finding does', async () => {
    const file = definitionsFile({
      ...shop,
      queues: [...shop.queues, { name: 's', arguments: { 'x-queue-type': 'stream' } }],
    });

    const { status, stdout } = await warren(['check', file]);

    expect(status).toBe(1);
    expect(stdout).toMatch(
      /blocking \(1\)\n {2}\d+:\d+ {2}queues\[3\]\.arguments\.x-queue-type {2}\[stream\]\n {4}.*\n {4}Fix: /,
    );
    expect(stdout).toContain('1 finding to resolve before a deployment');
  });

  it('prints one JSON object for machines', async () => {
    const { json, status } = await warren(['check', definitionsFile(shop), '--json', '--prefix', 'shop-prod']);

    expect(status).toBe(0);
    expect(json()).toMatchObject({
      findings: [
        expect.objectContaining({ class: 'warning', code: 'delay-queue', path: 'queues[2]', fix: expect.any(String) }),
        ...Array.from({ length: 2 }, () => expect.objectContaining({ class: 'compatible' })),
      ],
      queues: [
        {
          vhost: '/',
          name: 'work',
          sqsName: 'shop-prod-work',
          type: 'standard',
          dlx: null,
          ttl: null,
          deliveryLimit: 3,
          delayQueue: false,
        },
        { name: 'rest', deliveryLimit: null },
        { name: 'wait', sqsName: null, type: null, dlx: 'late', ttl: 5000, delayQueue: true },
      ],
      counts: { blocking: 0, unknown: 0, warning: 1, queues: 2, delayQueues: 1, exchanges: 3, bindings: 4 },
    });
  });

  it('takes a queue with TTL and dead-letter exchange for a queue when something consumes it', async () => {
    const { json } = await warren([
      'check',
      definitionsFile(shop),
      '--json',
      '--consumed',
      'wait',
      '--consumed',
      'work',
    ]);

    expect(json()).toMatchObject({ counts: { queues: 3, delayQueues: 0 } });
  });

  it('says on stdout too what was wrong with the command, for machines', async () => {
    const unreadable = await warren(['check', '/nowhere/definitions.json', '--json']);
    const unknown = await warren(['check', definitionsFile(shop), '--json', '--consumed', 'nope']);

    expect([unreadable.status, unknown.status]).toEqual([2, 2]);
    expect(unreadable.json()).toEqual({
      error: { text: '/nowhere/definitions.json cannot be read: there is no such file' },
    });
    expect(unknown.json()).toEqual({
      error: {
        text: expect.stringContaining("--consumed nope: the file has no such queue in vhost '/': did you mean "),
      },
    });
  });

  it.each(['{}', '{"queues": []}', '{"users": [{"name": "u"}], "vhosts": [{"name": "/"}]}'])(
    'warns of a file that declares nothing, which is easily the wrong one: %s',
    async (content) => {
      const { status, stdout } = await warren(['check', definitionsFile(content)]);

      expect(status).toBe(0);
      expect(stdout).toContain('[nothing-declared]');
    },
  );

  it('shows three findings of a kind and counts the rest, or all on request', async () => {
    const file = definitionsFile({ queues: Array.from({ length: 9 }, (_, at) => ({ name: `q.${at}` })) });

    const [few, all] = [await warren(['check', file]), await warren(['check', file, '--all'])];

    expect(few.stdout.match(/\[name-changed\]/g)).toHaveLength(3);
    expect(few.stdout).toContain('… and 6 more name-changed (--all shows each)');
    expect(all.stdout.match(/\[name-changed\]/g)).toHaveLength(9);
  });

  it('reads by the dialect asked for', async () => {
    const file = definitionsFile({ queues: [{ name: 'q', arguments: { 'x-queue-type': 'quorum' } }] });
    const limitIn = async (dialect: string) => (await warren(['check', file, '--json', '--dialect', dialect])).json();

    expect(await limitIn('3.13')).toMatchObject({ queues: [{ deliveryLimit: null }] });
    expect(await limitIn('4.0')).toMatchObject({ queues: [{ deliveryLimit: 20 }] });
  });

  it.each([
    ['no JSON', '{'],
    ['UTF-16', Buffer.from('\uFEFF{}', 'utf16le')],
    ['no UTF-8', Buffer.from([0x7b, 0xff])],
    ['nothing', ''],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a])],
  ])('answers a file that is %s with a finding, not with a stack trace', async (_, content) => {
    const { status, stdout, stderr } = await warren(['check', definitionsFile(content), '--json']);

    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(JSON.parse(stdout).findings).toMatchObject([{ class: 'blocking', code: 'invalid-json', line: 1 }]);
  });

  it('colours on a terminal only', async () => {
    const file = definitionsFile(shop);

    expect((await warren(['check', file])).stdout).not.toContain('\u001b[');
    expect((await warren(['check', file], { isTTY: true })).stdout).toContain('\u001b[');
  });
});

describe('what was typed', () => {
  it.each([
    ['no command', []],
    ['an unknown command', ['chekc', 'x']],
    ['no file', ['check']],
    ['a file that is not there', ['check', '/no/such/file']],
    ['a folder', ['check', '.']],
    ['an empty name', ['check', '']],
    ['an unknown dialect', ['check', 'x', '--dialect', '5.0']],
    ['an unknown option', ['check', 'x', '--fast']],
    ['a prefix SQS refuses', ['check', 'x', '--prefix', 'a b']],
    ['a seed that is no number', ['route', 'x', '--seed', 'x']],
    ['no exchange', ['explain', 'x']],
  ])('is answered with status 2 and a word on stderr when it is %s', async (_, args) => {
    const { status, stdout, stderr } = await warren(args);

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr.length).toBeGreaterThan(10);
  });

  it('names an empty name', async () => {
    expect((await warren(['check', ''])).stderr).toBe("warren: '' cannot be read: it is the name of no file\n");
  });

  it.each([[[]], [['check']], [['explain']], [['route']], [['graph']]])('gets help for warren %p', async (command) => {
    const { status, stdout } = await warren([...command, '--help']);

    expect(status).toBe(0);
    expect(stdout).toContain('Usage: warren');
  });
});
