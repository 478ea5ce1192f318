import pMap from 'p-map';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { count, messages } from '../publish/count.ts';
import { createPace, unlimited } from '../publish/pace.ts';
import { createProgress } from '../publish/progress.ts';
import { agrees } from './consent.ts';
import { exportedRows } from './exported-rows.ts';
import type { ExceptionsDeps } from './options.ts';

export interface ImportOptions {
  readonly stage: string;
  readonly reason: string;
  readonly rate?: number | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}

/** Rows at a time: bounds sockets. */
const parallelRows = 16;

/**
 * `warren exceptions import`: the rows of an export that are in the table no more are there again, parked. It sends nothing: that is `replay`'s. A
 * row that is there is left alone, so that importing twice is importing once.
 */
export async function importRows(
  file: string,
  options: ImportOptions,
  io: Io,
  deps: Omit<ExceptionsDeps, 'uuid'>,
): Promise<ExitStatus> {
  // All of it is read before anything is done.
  let total = 0;
  for await (const _ of exportedRows(file)) total += 1;
  if (total === 0) throw new UsageError(`${file} has no rows; nothing was done`);
  const { store, caller } = await deps.reach(options.stage);
  if (
    !(await agrees(`${waiting(total, `of ${file} `)} in the table again`, total, { ...options, io, ask: deps.ask }))
  ) {
    io.stderr.write('Nothing was done.\n');
    return 1;
  }
  const operator = { who: await caller(), why: options.reason };
  const interrupts = deps.listenForInterrupts(io);
  const pace = options.rate === undefined ? unlimited : createPace(options.rate, deps.now, deps.pause);
  let [restored, present] = [0, 0];
  const text = () => `${count(restored)} restored, ${count(present)} were there`;
  const progress = createProgress({ stderr: io.stderr, text, total, now: deps.now });
  try {
    await pMap(
      exportedRows(file),
      async (row) => {
        if (interrupts.stop.aborted) return;
        await pace.before(1, interrupts.stop);
        if (await store.restore(row, operator)) restored += 1;
        else present += 1;
        progress.show(restored + present);
      },
      { concurrency: parallelRows },
    );
  } finally {
    progress.end();
    interrupts.release();
  }
  const isOk = restored + present === total;
  if (options.json) printJson(io, { ok: isOk, rows: total, restored, present });
  else io.stdout.write(`${summary(restored, present, isOk, options).join('\n')}\n`);
  return isOk ? 0 : 1;
}

function waiting(number: number, of = ''): string {
  return `${messages(number)} ${of}${number === 1 ? 'waits' : 'wait'}`;
}

function presentText(number: number): string {
  return `${count(number)} ${number === 1 ? 'was in the table already and is left as it is' : 'were in the table already and are left as they are'}`;
}

function summary(restored: number, present: number, isOk: boolean, { stage }: ImportOptions): string[] {
  return [
    `${waiting(restored)} again, in state parked; ${presentText(present)}.`,
    ...(isOk ? [] : ['Stopped: interrupted. The same command goes on.']),
    `Send them: npx warren exceptions replay --stage ${stage} --state parked --queue QUEUE --reason '…'`,
  ];
}
