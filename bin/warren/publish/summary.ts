import { count, messages } from './count.ts';
import type { PublishMode } from './producer.ts';
import type { Fate, Tally } from './tally.ts';

export interface Summary {
  readonly tally: Tally;
  readonly mode: PublishMode;
  readonly functionName: string;
  readonly seconds: number;
  /** Why it ended before the end of the input, if it did. */
  readonly stopped?: string | undefined;
  readonly unconfirmedFile: string;
  /** Whether that was the input. */
  readonly isResumed: boolean;
  /** A command that publishes what is not confirmed. */
  readonly again: string;
}

const sentences: readonly (readonly [fate: Fate, sentence: string])[] = [
  ['acked', 'acked'],
  ['returned', 'returned: mandatory, and no queue is bound for them'],
  ['nacked', 'nacked: a queue refused them'],
  ['unknown', 'unknown: no answer came, they may be stored'],
  ['not-published', 'not published'],
  ['invalid', 'no messages: lines that cannot be published'],
];

/** For a person, on stdout. */
export function summaryText(summary: Summary): string {
  const { tally, functionName, seconds, stopped } = summary;
  const perSecond = Math.round(tally.published / Math.max(0.001, seconds));
  return [
    ...(stopped === undefined ? [] : [`Stopped before the end: ${stopped}.`]),
    `${messages(tally.total)} for ${functionName}, ${seconds.toFixed(1)} s, ${count(perSecond)}/s`,
    ...sentences.flatMap(([fate, sentence]) => (tally.of(fate) > 0 ? [column(tally.of(fate), sentence)] : [])),
    ...unroutable(summary),
    ...incomplete(tally),
    ...reasons(tally),
    ...whatNow(summary),
  ].join('\n');
}

function unroutable({ tally: { unroutable: number }, mode }: Summary): string[] {
  if (number === 0) return [];
  const what =
    mode === 'outbox'
      ? 'are in the outbox, and no queue is bound for them: if that is still so when they are relayed, each becomes an exception.'
      : 'are in no queue: none is bound for them, and they were not mandatory.';
  return [`${count(number)} of the acked ones ${what}`];
}

function incomplete(tally: Tally): string[] {
  return [...tally.incomplete].map(
    ([text, times]) =>
      `${times === 1 ? 'One transaction' : `${count(times)} transactions`} did not complete: ${text}. What other queues took of it stays.`,
  );
}

function reasons({ reasons: all }: Tally): string[] {
  if (all.length === 0) return [];
  const lines = all.map(({ fate, text, count: times, line }) =>
    column(times, `${fate}, ${text} (line ${line}${times > 1 ? ' first' : ''})`),
  );
  return ['', 'Why:', ...lines];
}

function whatNow({ tally, unconfirmedFile, isResumed, again }: Summary): string[] {
  if (tally.unconfirmed > 0) {
    const left = `${count(tally.unconfirmed)} not confirmed: ${unconfirmedFile} holds them, with their event ids.`;
    const { repairs } = tally;
    if (repairs.length === 0) return ['', `${left} Publish them again:`, `  ${again}`];
    const which = repairs.length === 1 ? 'One of them' : `${count(repairs.length)} of them`;
    return [
      '',
      left,
      `${which} would fail again: repair or take out ${linesOf(repairs)} of that file, or repair what they name.`,
      'Then publish the file again:',
      `  ${again}`,
    ];
  }
  return isResumed ? [`All of ${unconfirmedFile} is confirmed: it is removed.`] : [];
}

const mostLines = 10;

/** As 1, 2, 7; a file that is wrong as a whole is not listed line by line. */
function linesOf(lines: readonly number[]): string {
  const shown = lines.slice(0, mostLines).map(count).join(', ');
  const more = lines.length - mostLines;
  return `${lines.length === 1 ? 'line' : 'lines'} ${shown}${more > 0 ? `, and ${count(more)} more` : ''}`;
}

function column(number: number, text: string): string {
  return `${count(number).padStart(9)} ${text}`;
}

/** For machines. */
export function summaryJson({ tally, functionName, seconds, stopped, unconfirmedFile }: Summary): object {
  return {
    function: functionName,
    seconds,
    messages: tally.total,
    acked: tally.of('acked'),
    unroutable: tally.unroutable,
    returned: tally.of('returned'),
    nacked: tally.of('nacked'),
    unknown: tally.of('unknown'),
    notPublished: tally.of('not-published'),
    invalid: tally.of('invalid'),
    incompleteTransactions: [...tally.incomplete.values()].reduce((sum, times) => sum + times, 0),
    /** Lines of the unconfirmed file that would fail again as they are. */
    toRepair: tally.repairs,
    reasons: tally.reasons,
    stopped: stopped ?? null,
    unconfirmedFile: tally.unconfirmed > 0 ? unconfirmedFile : null,
  };
}
