import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { exceptionsOnFakes, inFolderOfItsOwn } from './exceptions-on-fakes.ts';

inFolderOfItsOwn();

const importing = (file: string, ...more: string[]) => [
  'import',
  file,
  '--stage',
  'local',
  '--reason',
  'back',
  ...more,
];
let files = 0;

/** A file that `warren exceptions export` has written of so many rows. */
async function givenExport(count: number): Promise<string> {
  const { run, put } = exceptionsOnFakes();
  put(count);
  files += 1;
  const file = `export-${files}.jsonl`;
  expect((await run(['export', file, '--stage', 'local'])).status).toBe(0);
  return file;
}

describe('warren exceptions import', () => {
  it('puts back what is not in the table, as parked, and importing twice is importing once', async () => {
    const file = await givenExport(40);
    const { run, table } = exceptionsOnFakes();

    const first = await run(importing(file, '--yes', '--json'));
    const again = await run(importing(file, '--yes', '--json'));

    expect([first.status, first.json()]).toEqual([0, { ok: true, rows: 40, restored: 40, present: 0 }]);
    expect(again.json()).toEqual({ ok: true, rows: 40, restored: 0, present: 40 });
    expect(table.one('event-7')).toMatchObject({
      state: 'parked',
      history: [{ who: 'lin@office', act: 'import', why: 'back', from: 'open', to: 'parked' }],
    });
  });

  it.each([
    [1, 0, '1 message waits again, in state parked; 0 were in the table already and are left as they are.'],
    [2, 1, '1 message waits again, in state parked; 1 was in the table already and is left as it is.'],
  ])('of %i rows tells in words what became of them, %i being there', async (rows, there, text) => {
    const file = await givenExport(rows);
    const { run, put } = exceptionsOnFakes();
    put(there);

    expect((await run(importing(file, '--yes'))).stdout.split('\n')[0]).toBe(text);
  });

  it('leaves rows that are there as they are', async () => {
    const file = await givenExport(3);
    const { run, put, table } = exceptionsOnFakes();
    put(1, { state: 'resolved' });

    expect((await run(importing(file, '--yes', '--json'))).json()).toMatchObject({ restored: 2, present: 1 });
    expect(table.one('event-0').state).toBe('resolved');
  });

  it('asks with the number, sends nothing, and says what does', async () => {
    const file = await givenExport(2);
    const { run, table, requests, world, questions } = exceptionsOnFakes();

    expect((await run(importing(file))).status).toBe(2);
    world.typed = '3';
    expect((await run(importing(file), true)).status).toBe(1);
    expect(table.rows.size).toBe(0);
    world.typed = '2';
    const { status, stdout } = await run(importing(file), true);

    expect([status, requests]).toEqual([0, []]);
    expect(questions[0]).toContain('2 messages');
    expect(stdout).toContain('npx warren exceptions replay --stage local --state parked');
  });

  it('keeps to its rate, and goes on after Ctrl-C by the same command', async () => {
    const file = await givenExport(30);
    const { run, stop, world, table } = exceptionsOnFakes();
    const started = world.time;
    await run(importing(file, '--yes', '--rate', '10'));
    expect(world.time - started).toBeGreaterThanOrEqual(2_900);

    table.rows.clear();
    stop.abort();
    const { status, stdout } = await run(importing(file, '--yes'));
    expect([status, stdout]).toEqual([1, expect.stringContaining('The same command goes on')]);
  });

  it.each([
    ['no JSON', 'nonsense', 'it is no JSON'],
    ['of another kind', '{"exchange":"orders"}', 'event_id: '],
    ['of a state that there is not', '{"event_id":"a","source":"b","state":"lost"}', 'state: '],
  ])('names the line that is %s, and does nothing', async (_, line, reason) => {
    const file = await givenExport(2);
    writeFileSync(file, `${readFileSync(file, 'utf8')}${line}\n`);
    const { run, table } = exceptionsOnFakes();

    const { status, stderr } = await run(importing(file, '--yes'));

    expect([status, table.rows.size]).toEqual([2, 0]);
    expect(stderr).toContain(`${file}:3 is no row that warren exceptions export has written: ${reason}`);
  });

  it('says why a file cannot be read, or has nothing', async () => {
    const { run } = exceptionsOnFakes();
    mkdirSync('folder');
    writeFileSync('empty.jsonl', '\n');

    for (const [file, text] of [
      ['nowhere.jsonl', 'nowhere.jsonl cannot be read: there is no such file'],
      ['folder', 'folder cannot be read: it is a folder'],
      ['empty.jsonl', 'empty.jsonl has no rows'],
    ] as const) {
      const { status, stderr } = await run(importing(file, '--yes'));
      expect([status, stderr]).toEqual([2, expect.stringContaining(text)]);
    }
  });
});
