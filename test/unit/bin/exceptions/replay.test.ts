import { existsSync, readdirSync, rmSync } from 'node:fs';
import { exceptionsOnFakes, inFolderOfItsOwn } from './exceptions-on-fakes.ts';

inFolderOfItsOwn();
afterEach(() => {
  for (const file of readdirSync('.')) rmSync(file);
});

const replay = (...more: string[]) => [
  'replay',
  '--stage',
  'local',
  '--reason',
  'repaired',
  '--all',
  '--yes',
  '--json',
  ...more,
];
const file = 'replay-0190163d-8694-7000-8000-000000000001.jsonl';

describe('warren exceptions replay', () => {
  it('sends the first alone, then ten, then the rest, and says what became of them', async () => {
    const { run, put, requests } = exceptionsOnFakes();
    put(250);

    const { status, json } = await run(replay());

    expect(requests.map(({ rows }) => rows.length)).toEqual([1, 10, 100, 100, 39]);
    expect(requests[0]).toMatchObject({ who: 'lin@office', why: 'repaired' });
    expect(status).toBe(0);
    expect(json()).toMatchObject({ ok: true, rows: 250, asked: 250, handled: 250, failedAgain: 0, stopped: null });
  });

  it('sends only what was there when it was asked: what comes later waits', async () => {
    const { run, put, table, requests, world } = exceptionsOnFakes();
    put(20);
    world.afterRequest = () => void table.put({ event_id: 'late' });

    await run(replay());

    expect(requests.flatMap(({ rows }) => rows)).toHaveLength(20);
    expect(table.one('late').state).toBe('open');
  });

  it('stops after the first when that fails again', async () => {
    const { run, put, table } = exceptionsOnFakes(() => 'fails');
    put(20);

    const { status, json } = await run(replay());

    expect(status).toBe(1);
    expect(json()).toMatchObject({
      ok: false,
      asked: 1,
      failedAgain: 1,
      stopped: expect.stringContaining('1 of 1 failed'),
    });
    expect(table.one('event-1').history).toEqual([]);
  });

  it('says which failed and why when it stops, and what made it stop', async () => {
    const { run, put } = exceptionsOnFakes((eventId) => (eventId === 'event-0' ? 'fails' : 'handled'));
    put(20);

    const { stdout } = await run(replay('--stop-above', '5').filter((arg) => arg !== '--json'));

    expect(stdout.split('\n')).toEqual([
      '0 of 20 handled; 1 failed again and is open, 19 are not sent yet.',
      'Failed again: event-0: TypeError: no',
      'Stopped: 1 of 1 failed, which is more than 5 % (--stop-above).',
      `Go on with: npx warren exceptions resume ${file} --stop-above 5`,
      '',
    ]);
  });

  it('tells of the first few that failed or were not sent, also to machines', async () => {
    const fate = (eventId: string) => (Number(eventId.split('-')[1]) % 2 === 0 ? 'fails' : 'not sent');
    const { run, put } = exceptionsOnFakes(fate);
    put(20);

    const { json } = await run(replay('--stop-above', '100', '--no-canary'));

    const { failures } = json() as { failures: { eventId: string }[] };
    expect(failures.map(({ eventId }) => eventId)).toEqual([0, 2, 4, 1, 3, 5].map((at) => `event-${at}`));
    expect(failures[3]).toEqual({ eventId: 'event-1', why: 'SQS is away' });
  });

  it('stops after the first when that cannot be sent', async () => {
    const { run, put } = exceptionsOnFakes(() => 'not sent');
    put(20);

    expect((await run(replay())).json()).toMatchObject({ asked: 1, notSent: 1, stopped: expect.any(String) });
  });

  it.each([
    [10, 111],
    [60, 300],
  ])('stops when more than %i percent fail, and goes no further than %i', async (percent, asked) => {
    const { run, put } = exceptionsOnFakes((eventId) => (Number(eventId.split('-')[1]) > 10 ? 'fails' : 'handled'));
    // Eleven are handled, all behind them fail: 9 % of the first hundred and eleven are not enough to be many.
    put(300);

    const { json } = await run(replay('--stop-above', String(percent === 60 ? 99 : percent)));

    expect(json()).toMatchObject({ asked });
  });

  it('waits for the first ones, and stops when nobody knows what became of them', async () => {
    const { run, put } = exceptionsOnFakes(() => 'pending');
    put(20);

    const { json } = await run(replay('--settle-seconds', '5'));

    expect(json()).toMatchObject({
      asked: 1,
      pending: 1,
      stopped: expect.stringContaining('after 5 s it is not known'),
    });
  });

  it('leaves alone what has changed since, and tells why something could not be sent', async () => {
    const { run, put, table, world } = exceptionsOnFakes((eventId) =>
      eventId === 'event-15' ? 'not sent' : 'handled',
    );
    put(20);
    world.afterRequest = () => {
      const row = table.one('event-18');
      if (row.state === 'open') table.put({ ...row, version: row.version + 1 });
    };

    const { status, json } = await run(replay());

    expect(status).toBe(1);
    expect(json()).toMatchObject({ handled: 18, notSent: 1, changed: 1, reasons: ['SQS is away'] });
  });

  it('goes on where it was interrupted, and sends nothing twice', async () => {
    const { run, put, requests, stop, world } = exceptionsOnFakes();
    put(120);
    world.afterRequest = () => stop.abort();

    const first = await run(replay());

    expect(first.json()).toMatchObject({ asked: 1, stopped: 'interrupted', file });
    const again = exceptionsOnFakes();
    put(0);
    for (const row of again.put(120)) again.table.put(row);

    const second = await again.run(['resume', file, '--yes', '--json']);

    expect(second.json()).toMatchObject({ ok: true, rows: 120, asked: 120, handled: 119 });
    const sent = [...requests, ...again.requests].flatMap(({ rows }) => rows.map(({ event_id }) => event_id));
    expect(new Set(sent).size).toBe(sent.length);
    expect((await again.run(['resume', file, '--yes'])).status).toBe(2);
  });

  it('counts what was left alone when it goes on: what became of the rest the run before has told', async () => {
    const { run, put, world, stop } = exceptionsOnFakes();
    put(200);
    let requests = 0;
    world.afterRequest = () => {
      requests += 1;
      if (requests === 2) stop.abort();
    };
    expect((await run(replay())).json()).toMatchObject({ asked: 11, before: 0, handled: 11 });
    const again = exceptionsOnFakes();
    again.put(200);

    const { stdout } = await again.run(['resume', file, '--yes']);

    expect(stdout.split('\n')[0]).toBe('189 of the 189 that were left handled (11 before).');
  });

  it('keeps its place when the function does not answer: asked again it counts what is done as done', async () => {
    const { run, put, table, world, requests } = exceptionsOnFakes();
    put(5);
    world.silent = true;
    expect((await run(replay())).json()).toMatchObject({ asked: 0, stopped: 'the function does not answer' });
    world.silent = false;
    // The answer alone was lost.
    const row = table.one('event-0');
    await table.startReplay(row, '0190163d-8694-7000-8000-000000000001', { who: '', why: '' });
    await table.resolve({ eventId: 'event-0', row: row.source, replayId: '0190163d-8694-7000-8000-000000000001' });

    const { status, json } = await run(['resume', file, '--yes', '--json']);

    expect([status, json()]).toMatchObject([0, { handled: 5, changed: 0 }]);
    expect(requests[0]?.rows).toHaveLength(1);
  });

  it('sends no more a second than asked for', async () => {
    const { run, put, world } = exceptionsOnFakes();
    put(31);
    const started = world.time;

    await run(replay('--rate', '10'));

    expect(world.time - started).toBeGreaterThanOrEqual(2100);
  });

  it('does nothing where nothing fits, nobody agrees, or the file is no selection', async () => {
    const { run, put, world, requests } = exceptionsOnFakes();
    expect((await run(replay())).status).toBe(2);
    put(2);
    world.typed = 'yes';
    expect((await run(['replay', '--stage', 'local', '--reason', 'x', '--all'], true)).status).toBe(1);
    expect((await run(['resume', 'package.json', '--yes'])).status).toBe(2);

    expect(requests).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });
});
