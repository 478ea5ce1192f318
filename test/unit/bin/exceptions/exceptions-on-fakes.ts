import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ExceptionsDeps, ReplayNotAnsweredError } from '../../../../bin/warren/exceptions/options.ts';
import type { ExceptionRow } from '../../../../lambdas/shared/exceptions/exception-row.ts';
import type { Operator } from '../../../../lambdas/shared/exceptions/exception-store.ts';
import { type ReplayRequest, replayRequestSchema } from '../../../../lambdas/shared/exceptions/replay-contract.ts';
import type { NoticeRow } from '../../../../lambdas/shared/notices/notice-row.ts';
import { now } from '../../lambdas/builders.ts';
import { MemoryExceptionTable } from '../../lambdas/shared/exceptions/memory-exception-table.ts';
import { deployedQueue, MemoryStage } from '../backlog/stage-in-memory.ts';
import { warren } from '../run-warren.ts';

/** What becomes of a message that is sent again. */
export type Fate = 'handled' | 'fails' | 'pending' | 'not sent';

/** The commands on a table in memory; `fate` is what becomes of each message once it is asked for. */
export function exceptionsOnFakes(fate: (eventId: string) => Fate = () => 'handled') {
  const table = new MemoryExceptionTable();
  /** Its queues. */
  const stage = new MemoryStage(
    [
      deployedQueue('orders'),
      deployedQueue('mail'),
      deployedQueue('mail', 0, { address: { vhost: 'shop', name: 'mail' } }),
    ],
    [],
  );
  const requests: ReplayRequest[] = [];
  const questions: string[] = [];
  const acknowledged: [string, Operator][] = [];
  const stop = new AbortController();
  const world = {
    typed: '',
    time: now.getTime(),
    silent: false,
    afterRequest: (): void => {},
    notices: [] as NoticeRow[],
  };

  async function sendAgain(seen: ReplayRequest['rows'][number], { replay_id, who, why }: ReplayRequest) {
    const key = { event_id: seen.event_id, source: seen.source };
    const row = await table.get(key);
    if (row?.replay_id === replay_id && row.state === 'resolved') return { ...key, outcome: 'done' as const };
    if (!(await table.startReplay(seen, replay_id, { who, why }))) return { ...key, outcome: 'changed' as const };
    const what = fate(seen.event_id);
    if (what === 'handled') await table.resolve({ eventId: seen.event_id, row: seen.source, replayId: replay_id });
    if (what === 'pending' || what === 'handled') return { ...key, outcome: 'sent' as const };
    await table.failReplay(key, replay_id, { who, why: 'SQS' }, seen.state === 'parked' ? 'parked' : 'open');
    return what === 'fails'
      ? { ...key, outcome: 'sent' as const }
      : { ...key, outcome: 'failed' as const, reason: 'SQS is away' };
  }

  const deps: ExceptionsDeps = {
    reach: async () => ({
      store: table,
      async acknowledge(fingerprint, operator) {
        acknowledged.push([fingerprint, operator]);
        return fingerprint === 'aaaaaaaaaaaa';
      },
      notice: async (fingerprint) => world.notices.find((one) => one.fingerprint === fingerprint),
      caller: async () => 'lin@office',
      async replay(request) {
        if (world.silent) throw new ReplayNotAnsweredError('the function does not answer');
        requests.push(replayRequestSchema.parse(request));
        const rows = [];
        for (const seen of request.rows) rows.push(await sendAgain(seen, request));
        world.afterRequest();
        return { rows };
      },
    }),
    listenForInterrupts: () => ({ stop: stop.signal, giveUp: new AbortController().signal, release() {} }),
    async pause(milliseconds) {
      world.time += milliseconds;
    },
    now: () => world.time,
    uuid: () => '0190163d-8694-7000-8000-000000000001',
    async ask(question) {
      questions.push(question);
      return world.typed;
    },
  };
  const run = (args: readonly string[], isTTY = false) =>
    warren(['exceptions', ...args], { excepting: deps, operating: stage.deps, isTTY });
  const put = (count: number, changes: Partial<ExceptionRow> = {}) =>
    Array.from({ length: count }, (_, at) =>
      table.put({ event_id: `${changes.fingerprint ?? 'event'}-${at}`, ...changes }),
    );
  return { table, requests, questions, stop, world, run, put, acknowledged };
}

/** Selection files are written into the working directory: a folder of the test's own. */
export function inFolderOfItsOwn(): void {
  const before = process.cwd();
  const folder = mkdtempSync(path.join(tmpdir(), 'warren-exceptions-'));
  beforeAll(() => process.chdir(folder));
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
}
