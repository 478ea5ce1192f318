import { type ExitStatus, printJson, UsageError } from '../io.ts';
import { findTarget } from './find.ts';
import type { ActOptions } from './pause.ts';
import { setBack, setBackText } from './set-back.ts';
import type { OperatorRun } from './stage.ts';

export type RestoreOptions = Pick<ActOptions, 'who' | 'json'> & { readonly reason?: string | undefined };

/** `warren surge --restore QUEUE`: after a crash. */
export async function restore(name: string, options: RestoreOptions, run: OperatorRun): Promise<ExitStatus> {
  const { stage, io, deps } = run;
  const { consumer } = await findTarget(name, stage);
  const surge = (await stage.audit.surges()).find(({ subject }) => subject === `consumer ${consumer}`);
  if (!surge) throw new UsageError(`no surge of ${consumer} is in force: there is nothing to restore`);
  const interrupts = deps.listenForInterrupts(io, 'Lambda goes on to restore it');
  try {
    const who = options.who ?? (await stage.caller());
    const why = options.reason ?? `restores the surge of ${surge.at}: ${surge.why}`;
    const result = await setBack(surge, { who, why }, run, interrupts.stop);
    if (options.json) printJson(io, { ok: result !== 'under-way', concurrency: result, surge });
    else io.stdout.write(`${setBackText(result, surge)}.\n`);
    return result === 'under-way' ? 1 : 0;
  } finally {
    interrupts.release();
  }
}
