import type { ListedException } from '../../../lambdas/shared/exceptions/exception-row.ts';
import { type ExitStatus, type Io, printJson } from '../io.ts';
import { count } from '../publish/count.ts';
import { formatTable } from '../table.ts';
import { kindsOf } from './kinds.ts';
import { type ListQueues, whereElse } from './nothing-found.ts';
import type { ExceptionsDeps, Filters } from './options.ts';
import { select, typedFilters } from './select.ts';

export interface ListOptions extends Filters {
  readonly stage: string;
  /** Row by row, also where many kinds are meant. */
  readonly rows: boolean;
  /** Rows to print; all are counted. */
  readonly limit: number;
  readonly json: boolean;
}

/** `warren exceptions list` */
export async function list(
  options: ListOptions,
  io: Io,
  deps: Pick<ExceptionsDeps, 'reach'> & { readonly listQueues: ListQueues },
): Promise<ExitStatus> {
  const { store } = await deps.reach(options.stage);
  const found: ListedException[] = [];
  for await (const row of select(store, options)) found.push(row);
  const elsewhere = found.length === 0 ? await whereElse(options, store, deps.listQueues) : '';
  if (options.json) {
    printJson(io, { total: found.length, kinds: kindsOf(found), rows: found.slice(-options.limit) });
    return 0;
  }
  const text =
    found.length === 0 ? [`No exception is ${options.state}${meantBy(options)}.${elsewhere}`] : textOf(found, options);
  io.stdout.write(`${text.join('\n')}\n`);
  return 0;
}

function textOf(found: readonly ListedException[], options: ListOptions): string[] {
  const isOneKind = options.fingerprint !== undefined || options.key !== undefined || options.event !== undefined;
  return options.rows || isOneKind ? rowsText(found, options) : kindsText(found, options);
}

function kindsText(found: readonly ListedException[], { stage, state }: ListOptions): string[] {
  const kinds = kindsOf(found);
  const lines = kinds.map(({ fingerprint, rows, place, reason, error, first, last }) => [
    fingerprint || '-',
    count(rows),
    place,
    reason,
    error,
    timeOf(first),
    timeOf(last),
  ]);
  return [
    `${count(found.length)} ${state}, of ${count(kinds.length)} ${kinds.length === 1 ? 'kind' : 'kinds'}; times are UTC:`,
    ...formatTable(['FINGERPRINT', 'ROWS', 'WHERE', 'REASON', 'ERROR', 'FIRST', 'LAST'], lines),
    `Look at one kind: npx warren exceptions list --stage ${stage}${stateOf(state)} --fingerprint ${kinds[0]?.fingerprint}`,
  ];
}

function rowsText(found: readonly ListedException[], options: ListOptions): string[] {
  const shown = found.slice(-options.limit);
  const lines = shown.map(
    ({ last_at, occurrences, place, reason, error_name, error_message, business_key, event_id }) => [
      timeOf(last_at),
      count(occurrences),
      place,
      reason,
      shortened(`${error_name}: ${error_message}`),
      business_key ?? '-',
      event_id,
    ],
  );
  const all = `${count(found.length)} ${options.state}${shown.length < found.length ? `, the last ${count(shown.length)} of them` : ''}; times are UTC:`;
  return [
    all,
    ...formatTable(['LAST', 'TIMES', 'WHERE', 'REASON', 'ERROR', 'KEY', 'EVENT'], lines),
    `Look at one: npx warren exceptions show --stage ${options.stage} ${shown.at(-1)?.event_id}`,
  ];
}

/** As it is typed: `open` goes without saying. */
function stateOf(state: ListOptions['state']): string {
  return state === 'open' ? '' : ` --state ${state}`;
}

function meantBy(options: ListOptions): string {
  const typed = typedFilters({ ...options, state: 'open' });
  return typed === '' ? '' : ` (${typed})`;
}

const longestError = 60;

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > longestError ? `${line.slice(0, longestError - 1)}…` : line;
}

/** To the second: `2026-11-23 02:00:00`, UTC. */
export function timeOf(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}
