import { readdirSync, rmSync } from 'node:fs';
import { encodeMessage } from '../../../../lambdas/shared/broker/envelope.ts';
import type { ExceptionRow } from '../../../../lambdas/shared/exceptions/exception-row.ts';
import { message, now } from '../../lambdas/builders.ts';
import { exceptionsOnFakes, inFolderOfItsOwn } from './exceptions-on-fakes.ts';

inFolderOfItsOwn();
afterEach(() => {
  for (const file of readdirSync('.')) rmSync(file);
});

const acted = ['replay', '--stage', 'local', '--reason', 'x', '--yes', '--json'];
const replay = (...more: string[]) => [...acted, '--all', ...more];
const parked = (...more: string[]) => replay('--state', 'parked', ...more);

/** A row of a FIFO queue. */
const inGroup = (group: string, sequence_number: string, sent_at = now.toISOString()): Partial<ExceptionRow> => ({
  state: 'parked',
  reason: 'parked',
  message_group: group,
  sequence_number,
  sent_at,
});

function contentOf(expiresAt?: number): Partial<ExceptionRow> {
  const { MessageBody, MessageAttributes } = encodeMessage(message(expiresAt === undefined ? {} : { expiresAt }));
  return { body: MessageBody, amqp: MessageAttributes['amqp']?.StringValue };
}

describe('the order of what is sent again', () => {
  it('is that of the queue, whatever order the table has, and each group is a lane', async () => {
    const { run, table, requests } = exceptionsOnFakes();
    // One digit more is a greater number, though it compares as a smaller text.
    table.put({ event_id: 'a-3', ...inGroup('a', '10000000000000000003') });
    table.put({ event_id: 'a-1', ...inGroup('a', '9999999999999999991') });
    table.put({ event_id: 'b-1', ...inGroup('b', '2') });
    table.put({ event_id: 'a-2', ...inGroup('a', '10000000000000000002') });
    table.put({ event_id: 'plain', state: 'parked', sent_at: '2026-11-22T00:00:00Z' });

    await run(parked('--no-canary'));

    const [{ rows = [] } = {}] = requests;
    expect(rows.map(({ event_id }) => event_id).filter((id) => id.startsWith('a'))).toEqual(['a-1', 'a-2', 'a-3']);
    expect(rows[0]).toMatchObject({ event_id: 'plain' });
    expect(rows.map(({ lane }) => lane)).toEqual([
      undefined,
      ...Array(4).fill(expect.stringMatching(/^queue 'orders' [ab]$/)),
    ]);
  });

  it('is by the numbers of a group also where clocks say otherwise', async () => {
    const { run, table, requests } = exceptionsOnFakes();
    table.put({ event_id: 'second', ...inGroup('a', '2', '2026-11-23T01:00:00.000Z') });
    table.put({ event_id: 'first', ...inGroup('a', '1', '2026-11-23T01:00:00.001Z') });

    await run(parked('--no-canary'));

    expect(requests[0]?.rows.map(({ event_id }) => event_id)).toEqual(['first', 'second']);
  });

  it('ends the replay when one of a group cannot be sent: it is begun anew, and not resumed past it', async () => {
    const { run, table, requests } = exceptionsOnFakes((eventId) => (eventId === 'a-20' ? 'not sent' : 'handled'));
    for (let at = 0; at < 300; at++) table.put({ event_id: `a-${at}`, ...inGroup('a', String(1000 + at)) });

    const { status, json } = await run(parked());

    expect(status).toBe(1);
    expect(json()).toMatchObject({ asked: 111, stopped: expect.stringContaining('must not overtake it') });
    expect(requests).toHaveLength(3);
    const [file = ''] = readdirSync('.');
    expect((await run(['resume', file, '--yes'])).stderr).toContain('is replayed to its end');
    rmSync(file);
    expect((await run(parked('--no-canary').filter((arg) => arg !== '--json'))).stdout).toContain('start it anew');
  });
});

describe('messages that have expired', () => {
  const given = () => {
    const fakes = exceptionsOnFakes();
    fakes.table.put({ event_id: 'late', ...contentOf(now.getTime()) });
    fakes.table.put({ event_id: 'in time', ...contentOf(now.getTime() + 1) });
    fakes.table.put({ event_id: 'died of it', reason: 'expired', ...contentOf() });
    fakes.table.put({ event_id: 'never', ...contentOf() });
    return fakes;
  };

  it('are not sent again without a choice: they would expire at once', async () => {
    const { run, requests } = given();

    const { status, stderr } = await run(replay());

    expect(status).toBe(2);
    expect(stderr).toContain('2 messages of 4 have expired');
    expect(stderr).toContain('--fresh-ttl');
    expect([requests, readdirSync('.')]).toEqual([[], []]);
  });

  it('are not sent again, nor anything else, by two choices that contradict each other', async () => {
    const { run, table, requests } = exceptionsOnFakes();
    table.put({ event_id: 'never', ...contentOf() });

    const { status, stderr } = await run(replay('--fresh-ttl', '--skip-expired'));

    expect([status, stderr, requests]).toEqual([2, expect.stringContaining('--skip-expired'), []]);
  });

  it('are sent with their whole time, or left out', async () => {
    expect((await given().run(replay('--fresh-ttl'))).json()).toMatchObject({ rows: 4 });

    const { run, table } = given();
    for (const file of readdirSync('.')) rmSync(file);
    expect((await run(replay('--skip-expired'))).json()).toMatchObject({ rows: 2 });
    expect(table.one('late').state).toBe('open');
  });

  it('are found by what made them one', async () => {
    const { run, requests } = given();

    await run([...acted, '--of-reason', 'expired', '--fresh-ttl']);

    expect(requests.flatMap(({ rows }) => rows)).toMatchObject([{ event_id: 'died of it' }]);
    expect((await run(replay('--of-reason', 'tired'))).status).toBe(2);
  });
});

describe('a replay to a consumer that is paused', () => {
  it('stops after the first, and says what to do', async () => {
    const { run, put } = exceptionsOnFakes(() => 'pending');
    put(20);

    expect((await run(replay())).json()).toMatchObject({ asked: 1, stopped: expect.stringContaining('--no-canary') });
  });

  it('waits for nothing with --no-canary', async () => {
    const { run, put, world } = exceptionsOnFakes(() => 'pending');
    put(250);
    const started = world.time;

    const { status, json } = await run(replay('--no-canary'));

    expect([status, json()]).toMatchObject([0, { ok: true, asked: 250, pending: 250 }]);
    expect(world.time).toBe(started);
  });
});

describe('a message that is parked again while it is on its way', () => {
  it('is not taken for handled', async () => {
    const { run, put, table, world } = exceptionsOnFakes(() => 'pending');
    put(1, { state: 'parked' });
    world.afterRequest = () => table.put({ ...table.one('event-0'), state: 'parked', replay_id: undefined });

    expect((await run(parked())).json()).toMatchObject({ ok: false, handled: 0, pending: 1 });
  });
});

describe('a replay in a window', () => {
  const window = ['--window', '03:00-03:01', '--timezone', 'UTC'];

  it('waits for it, sends until it is over, and goes on in the next', async () => {
    const { run, put, world } = exceptionsOnFakes();
    put(300);
    const hours: number[] = [];
    world.afterRequest = () => {
      hours.push(Math.floor((world.time - now.getTime()) / 3_600_000));
      // Each takes half a minute.
      world.time += 30_000;
    };

    const { json } = await run(replay('--no-canary', ...window));

    expect(json()).toMatchObject({ ok: true, handled: 300 });
    // It is two o'clock at first.
    expect(hours).toEqual([1, 1, 25]);
  });

  it('begins at a time', async () => {
    const { run, put, world } = exceptionsOnFakes();
    put(1);

    await run(replay('--at', '2026-11-23T05:00+01:00'));

    expect(world.time).toBe(Date.parse('2026-11-23T04:00Z'));
  });

  it('is left on Ctrl-C, and says how it goes on in its window', async () => {
    const { run, put, stop, requests } = exceptionsOnFakes();
    put(2);
    stop.abort();

    const { status, stdout } = await run(replay(...window, '--rate', '5').filter((arg) => arg !== '--json'));

    expect([status, requests]).toEqual([1, []]);
    expect(stdout).toMatch(/resume replay-\S+ --rate 5 --window 03:00-03:01 --timezone UTC\n/);
  });

  it('is left before its time on Ctrl-C, and says that it goes on then', async () => {
    const { run, put, stop } = exceptionsOnFakes();
    put(2);
    stop.abort();

    const { stdout } = await run(replay('--at', '2026-11-24T01:00+08:00').filter((arg) => arg !== '--json'));

    expect(stdout).toMatch(/resume replay-\S+ --at 2026-11-23T17:00:00Z\n/);
  });

  it('says until when it waits, once', async () => {
    const { run, put } = exceptionsOnFakes();
    put(2);

    const { stderr } = await run(replay('--no-canary', ...window));

    expect(stderr.match(/Waits until .*/g)).toEqual(['Waits until 2026-11-23 03:00:00 UTC.']);
  });

  it.each([
    [['--window', '3-4', '--timezone', 'UTC'], 'as 01:00-06:00'],
    [['--window', '03:00-04:00'], 'say in which time zone'],
    [['--timezone', 'Mars'], 'A time zone as'],
    [['--at', 'tomorrow'], 'with its zone'],
    // It is two o'clock.
    [['--at', '2026-11-23T00:30+01:00'], '--at was 3 h ago: it is 2026-11-23T02:00Z now'],
    [['--at', '2026-11-23T01:59:59Z'], '--at was 1 s ago'],
  ])('is refused as %j, and nothing is done', async (options, text) => {
    const { run, put, requests } = exceptionsOnFakes();
    put(2);

    const { status, stderr } = await run(replay(...options));

    expect([status, stderr, requests]).toEqual([2, expect.stringContaining(text), []]);
  });
});
