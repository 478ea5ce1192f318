import pMap from 'p-map';
import type { ListedException } from '../../../lambdas/shared/exceptions/exception-row.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { count } from '../publish/count.ts';
import { agrees } from './consent.ts';
import { breakdownOf } from './kinds.ts';
import type { ExceptionsDeps, Filters } from './options.ts';
import { select } from './select.ts';

export interface DiscardOptions extends Filters {
  readonly stage: string;
  readonly reason: string;
  readonly yes: boolean;
  readonly json: boolean;
}

/** Rows at a time: bounds sockets. */
const parallelRows = 8;

/** `warren exceptions discard`: rows that came later than the question are not among them, and those that changed since are left alone. */
export async function discard(options: DiscardOptions, io: Io, deps: ExceptionsDeps): Promise<ExitStatus> {
  const { store, caller } = await deps.reach(options.stage);
  const rows: ListedException[] = [];
  for await (const row of select(store, options)) rows.push(row);
  if (rows.length === 0) throw new UsageError(`no exception is ${options.state} and fits; nothing was done`);
  const what = `${count(rows.length)} ${rows.length === 1 ? 'message' : 'messages'} will never be handled`;
  if (!(await agrees(what, rows.length, { yes: options.yes, io, ask: deps.ask, details: breakdownOf(rows) }))) {
    io.stderr.write('Nothing was done.\n');
    return 1;
  }
  const operator = { who: await caller(), why: options.reason };
  const done = await pMap(rows, (row) => store.discard(row, operator), { concurrency: parallelRows });
  const discarded = done.filter(Boolean).length;
  const changed = done.length - discarded;
  if (options.json) printJson(io, { ok: changed === 0, discarded, changed });
  else {
    const left = changed > 0 ? `; ${count(changed)} had changed meanwhile and were left alone` : '';
    io.stdout.write(`${count(discarded)} discarded${left}.\n`);
  }
  return changed === 0 ? 0 : 1;
}
