import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { row as noticeOf } from '../../lambdas/shared/notices/notices.ts';
import { exceptionsOnFakes, inFolderOfItsOwn } from './exceptions-on-fakes.ts';

const [kindA, kindB] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'];
const list = (...more: string[]) => ['list', '--stage', 'local', ...more];

inFolderOfItsOwn();
afterEach(() => {
  for (const file of readdirSync('.')) rmSync(file);
});

describe('warren exceptions list', () => {
  it('shows kinds of failure, most rows first, and what to type next', async () => {
    const { run, put } = exceptionsOnFakes();
    put(2, { fingerprint: kindA });
    put(3, { fingerprint: kindB, error_name: 'RangeError' });

    const { status, stdout } = await run(list());

    expect(status).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('5 open, of 2 kinds; times are UTC:');
    expect(lines[2]).toMatch(/^bbbbbbbbbbbb +3 +queue 'orders' +rejected +RangeError +2026-11-23 02:00:00/);
    expect(lines[3]).toMatch(/^aaaaaaaaaaaa +2 /);
    expect(lines[4]).toBe(`Look at one kind: npx warren exceptions list --stage local --fingerprint ${kindB}`);
  });

  it('names the state in what to type next, where it is not open', async () => {
    const { run, put } = exceptionsOnFakes();
    put(1, { fingerprint: kindA, state: 'parked' });

    expect((await run(list('--state', 'parked'))).stdout).toContain(
      `--stage local --state parked --fingerprint ${kindA}`,
    );
  });

  it.each<[string[], string[]]>([
    [
      ['--fingerprint', kindA],
      ['aaaaaaaaaaaa-0', 'aaaaaaaaaaaa-1'],
    ],
    [['--fingerprint', kindA, '--key', 'order 1'], ['aaaaaaaaaaaa-1']],
    [['--queue', 'mail'], ['mail']],
    [['--queue', 'mail', '--vhost', 'shop'], []],
    [['--event', 'aaaaaaaaaaaa-0'], ['aaaaaaaaaaaa-0']],
    [['--state', 'discarded'], ['old']],
    [['--since', '2026-11-24'], ['mail']],
    [['--until', '2026-11-23T01:00:00Z', '--state', 'discarded'], ['old']],
  ])('means the rows for which all of %j hold', async (filters, events) => {
    const { table, run, put } = exceptionsOnFakes();
    const [, second] = put(2, { fingerprint: kindA });
    if (second) table.put({ ...second, business_key: 'order 1' });
    table.put({ event_id: 'mail', fingerprint: kindB, place: "queue 'mail'", last_at: '2026-11-24T00:00:00.000Z' });
    table.put({ event_id: 'old', fingerprint: kindB, state: 'discarded', last_at: '2026-11-22T00:00:00.000Z' });

    const { json } = await run(list('--json', ...filters));

    const { total, rows } = json() as { total: number; rows: { event_id: string }[] };
    expect([total, rows.map(({ event_id }) => event_id)]).toEqual([events.length, events]);
  });

  it('says so when there are none, and refuses what is no time or state', async () => {
    const { run } = exceptionsOnFakes();

    expect((await run(list('--queue', 'mail'))).stdout).toBe('No exception is open (--queue mail).\n');
    expect((await run(list('--since', 'yesterday'))).status).toBe(2);
    expect((await run(list('--state', 'lost'))).status).toBe(2);
  });
});

describe('a list of nothing', () => {
  it.each([
    ['mial', 'did you mean mail'],
    ['shop/mail', 'did you mean --queue mail --vhost shop?'],
    ['warren-dev-mail', 'did you mean --queue mail --vhost /?'],
  ])('is refused for the queue %s, which is not there', async (queue, meant) => {
    const { run } = exceptionsOnFakes();

    for (const more of [[], ['--json']]) {
      const { status, stderr } = await run(list('--queue', queue, ...more));
      expect([status, stderr]).toEqual([2, expect.stringContaining(meant)]);
    }
  });

  it('is none where rows are left of a queue that is not there any more', async () => {
    const { run, table } = exceptionsOnFakes();
    table.put({ event_id: 'a', place: "queue 'former'" });

    expect((await run(list('--queue', 'former'))).status).toBe(0);
  });

  it('is refused for a fingerprint that no row has, and says in which states rows have it', async () => {
    const { run, put } = exceptionsOnFakes();
    put(3, { fingerprint: kindA, state: 'resolved' });

    expect(await run(list('--fingerprint', kindB))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`no exception of any state has the fingerprint '${kindB}'`),
    });
    expect((await run(list('--fingerprint', kindA))).stdout).toBe(
      `No exception is open (--fingerprint ${kindA}). Of this kind there are: 3 resolved.\n`,
    );
  });
});

describe('--vhost without --queue', () => {
  it.each([
    ['list'],
    ['discard', '--reason', 'test orders', '--yes'],
    ['replay', '--reason', 'repaired', '--yes'],
    ['export', 'of-a-vhost.jsonl'],
  ])('is refused by %s, for it would mean every row', async (...command) => {
    const { run, put, table, requests } = exceptionsOnFakes();
    put(2);

    const { status, stderr } = await run([...command, '--stage', 'local', '--vhost', 'shop']);

    expect([status, stderr]).toEqual([2, expect.stringContaining('--vhost goes with --queue')]);
    expect([table.one('event-0').state, requests, existsSync('of-a-vhost.jsonl')]).toEqual(['open', [], false]);
  });
});

describe.each([
  ['discard', '7 messages will never be handled'],
  ['replay', '7 messages are sent again'],
])('the question of %s', (name, question) => {
  it('comes after what the messages are, by queue and kind, in five lines at most', async () => {
    const { run, put, world, questions } = exceptionsOnFakes();
    put(2, { fingerprint: kindA });
    for (const at of [1, 2, 3, 4, 5])
      put(1, { fingerprint: `kind-${at}`, place: "queue 'mail'", reason: 'expired', error_name: `Error${at}` });
    world.typed = 'no';

    const typed = [name, '--stage', 'local', '--reason', 'x', '--all', ...(name === 'replay' ? ['--fresh-ttl'] : [])];
    const { stderr } = await run(typed, true);

    expect(stderr.split('\n')).toEqual([
      "  2  queue 'orders'  rejected  TypeError",
      "  1  queue 'mail'    expired   Error1",
      "  1  queue 'mail'    expired   Error2",
      "  1  queue 'mail'    expired   Error3",
      '  2 of 2 more kinds',
      'Nothing was done.',
      '',
    ]);
    expect(questions).toEqual([expect.stringContaining(question)]);
  });
});

describe.each([
  ['discard', 'discarded'],
  ['replay', 'resolved'],
])('an act on every row: %s', (name, state) => {
  const act = [name, '--stage', 'local', '--reason', 'x', '--yes'];

  it.each<string[][]>([
    [[]],
    [['--state', 'open']],
    [['--all', '--queue', 'orders']],
    [['--fingerprint', '']],
    [['--event', '', '--all']],
  ])('is refused with the filters %j', async (filters) => {
    const { run, put, table, requests } = exceptionsOnFakes();
    put(2);

    const { status, stderr } = await run([...act, ...filters]);

    expect([status, stderr]).toEqual([2, expect.stringMatching(/--all|It is empty/)]);
    expect([table.one('event-0').state, requests]).toEqual(['open', []]);
  });

  it.each<string[][]>([
    [['--all']],
    [['--queue', 'orders']],
    [['--since', '2026-11-23']],
    [['--of-reason', 'rejected']],
  ])('is carried out with %j', async (filters) => {
    const { run, put, table } = exceptionsOnFakes();
    put(2);

    expect((await run([...act, ...filters])).status).toBe(0);
    expect([table.one('event-0').state, table.one('event-1').state]).toEqual([state, state]);
  });
});

describe('warren exceptions show', () => {
  it('says how a parked message lay in its queue, and how it is sent again', async () => {
    const { run, table } = exceptionsOnFakes();
    const queued = { sent_at: '2026-11-23T01:00:00.123Z', receives: 2, message_group: 'g', sequence_number: '17' };
    table.put({ event_id: 'a', state: 'parked', reason: 'parked', body: '{}', ...queued });

    const { stdout } = await run(['show', '--stage', 'local', 'a']);

    expect(stdout).toContain('sent 2026-11-23 01:00:00 UTC, handed out 2 times; number 17 in group g');
    expect(stdout).toContain("npx warren exceptions replay --stage local --state parked --event a --reason '…'");
  });

  it('offers no replay of what has no message', async () => {
    const { run, table } = exceptionsOnFakes();
    table.put({ event_id: 'a', reason: 'difference' });

    const { stdout } = await run(['show', '--stage', 'local', 'a']);

    expect(stdout).toContain("npx warren exceptions discard --stage local --event a --reason '…'");
    expect(stdout).not.toContain('exceptions replay');
  });

  const personal = { body: '{"payer":{"openid":"o-123"},"total":1}', personal: ['payer.openid'] };

  it('tells everything of a message, with its personal fields masked unless asked', async () => {
    const { table, run } = exceptionsOnFakes();
    table.put({ event_id: 'a', ...personal, impact: 'Nobody is paid.', business_key: 'order 1' });

    const masked = await run(['show', '--stage', 'local', 'a']);
    const shown = await run(['show', '--stage', 'local', 'a', '--reveal', '--json']);

    expect(masked.stdout).toContain('"total":1');
    expect(masked.stdout).toContain('Nobody is paid.');
    expect(masked.stdout).toContain("npx warren exceptions replay --stage local --event a --reason '…'");
    expect(masked.stdout).not.toContain('o-123');
    expect(shown.stdout).toContain('o-123');
  });

  it('tells what operators did', async () => {
    const { table, run } = exceptionsOnFakes();
    await table.discard(table.put({ event_id: 'a' }), { who: 'wu', why: 'a test order' });

    expect((await run(['show', '--stage', 'local', 'a'])).stdout).toContain(
      'wu: discard, open → discarded: a test order',
    );
  });

  it('says where to look when no row has the id', async () => {
    const { run } = exceptionsOnFakes();

    const { status, stderr } = await run(['show', '--stage', 'local', 'x']);

    expect([status, stderr]).toEqual([2, expect.stringContaining("no exception has the event id 'x'")]);
  });
});

describe('warren exceptions discard', () => {
  const discard = (...more: string[]) => ['discard', '--stage', 'local', '--reason', 'test orders', ...more];

  it('discards what the number was agreed to for, and keeps why', async () => {
    const { table, run, put, world, questions } = exceptionsOnFakes();
    put(3, { fingerprint: kindA });
    put(1, { fingerprint: kindB });
    world.typed = '3';

    const { status, stdout } = await run(discard('--fingerprint', kindA), true);

    expect([status, stdout]).toEqual([0, '3 discarded.\n']);
    expect(questions).toEqual(['3 messages will never be handled. Type 3 to go on: ']);
    expect(table.one('aaaaaaaaaaaa-0')).toMatchObject({
      state: 'discarded',
      history: [{ who: 'lin@office', why: 'test orders' }],
    });
    expect(table.one('bbbbbbbbbbbb-0').state).toBe('open');
  });

  it.each([
    ['another number is typed', '4', true, 1],
    ['nobody is at a terminal', '3', false, 2],
  ])('does nothing when %s', async (_, typed, isTTY, expected) => {
    const { table, run, put, world } = exceptionsOnFakes();
    put(3);
    world.typed = typed;

    expect((await run(discard('--all'), isTTY)).status).toBe(expected);
    expect(table.one('event-0').state).toBe('open');
  });

  it('does nothing where nothing fits, and without a reason', async () => {
    const { run } = exceptionsOnFakes();

    expect((await run(discard('--all', '--yes'))).status).toBe(2);
    expect((await run(['discard', '--stage', 'local', '--all', '--yes'])).status).toBe(2);
  });
});

describe('warren exceptions export', () => {
  it('writes whole rows into a new file, and over none', async () => {
    const { run, put } = exceptionsOnFakes();
    put(2, { body: '{"n":1}' });

    expect((await run(['export', 'rows.jsonl', '--stage', 'local'])).status).toBe(0);

    const rows = readFileSync('rows.jsonl', 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toMatchObject([{ event_id: 'event-0', body: '{"n":1}' }, { event_id: 'event-1' }]);
    expect((await run(['export', 'rows.jsonl', '--stage', 'local'])).status).toBe(2);
  });
});

describe('warren exceptions acknowledge', () => {
  const acknowledge = (kind: string) => [
    'acknowledge',
    '--fingerprint',
    kind,
    '--stage',
    'local',
    '--reason',
    'looking',
  ];

  it('ends the escalation of a kind, and keeps who and why', async () => {
    const { run, acknowledged } = exceptionsOnFakes();

    const { status, stdout } = await run(acknowledge(kindA));

    expect([status, stdout]).toEqual([0, expect.stringContaining(`${kindA} is acknowledged`)]);
    expect(acknowledged).toEqual([[kindA, { who: 'lin@office', why: 'looking' }]]);
  });

  it('refuses a kind that there is not', async () => {
    expect((await exceptionsOnFakes().run(acknowledge(''))).status).toBe(2);
    expect(await exceptionsOnFakes().run(acknowledge(kindB))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`no exception of any state has the fingerprint '${kindB}'`),
    });
  });

  const act = { at: '2026-11-27T09:00:00.000Z', who: 'wu', act: 'acknowledge', why: 'on it' };

  it.each([
    ['somebody has before', 'open', [act], 'wu has acknowledged it at 2026-11-27 09:00:00 UTC (on it)'],
    ['nothing of it is open', 'resolved', [act], 'nothing of it is open'],
    ['on-call was not told yet', 'open', [], 'it was not told of its 2 open rows yet'],
  ] as const)('says why nobody waits for it when %s', async (_, state, history, why) => {
    const { run, put, world } = exceptionsOnFakes();
    put(2, { fingerprint: kindB, state });
    world.notices = [noticeOf(0, { fingerprint: kindB, history: [...history] })];

    const { status, stdout } = await run(acknowledge(kindB));

    expect([status, stdout]).toEqual([1, `On-call waits for nobody because of ${kindB}: ${why}.\n`]);
  });
});
