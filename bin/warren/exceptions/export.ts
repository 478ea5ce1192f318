import { open } from 'node:fs/promises';
import { unwritable } from '../../../lib/unreadable-file.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { count } from '../publish/count.ts';
import { ownerOnly } from '../publish/unconfirmed-file.ts';
import type { ExceptionsDeps, Filters } from './options.ts';
import { select } from './select.ts';

export interface ExportOptions extends Filters {
  readonly stage: string;
  readonly json: boolean;
}

/** `warren exceptions export`: whole rows, personal fields included, a JSON line each, into a new file that only its owner may read. */
export async function exportRows(
  file: string,
  options: ExportOptions,
  io: Io,
  deps: Pick<ExceptionsDeps, 'reach'>,
): Promise<ExitStatus> {
  const { store } = await deps.reach(options.stage);
  const handle = await openNew(file);
  let rows = 0;
  try {
    for await (const listed of select(store, options)) {
      const row = await store.get(listed);
      if (!row) continue;
      await handle.appendFile(`${JSON.stringify(row)}\n`);
      rows += 1;
    }
  } finally {
    await handle.close();
  }
  if (options.json) printJson(io, { ok: true, rows, file });
  else
    io.stdout.write(
      `${count(rows)} ${rows === 1 ? 'row' : 'rows'} in ${file}, with whole messages: keep the file as such.\n`,
    );
  return 0;
}

async function openNew(file: string) {
  try {
    return await open(file, 'wx', ownerOnly);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new UsageError(isThere ? `${file} is there already: name another file` : unwritable(file, error));
  }
}
