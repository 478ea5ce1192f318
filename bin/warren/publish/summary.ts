import { count, messages } from './count.ts';
import type { Fate, Tally } from './tally.ts';

export interface Summary {
  readonly tally: Tally;
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
    ...unroutable(tally),
    ...reasons(tally),
    ...whatNow(summary),
  ].join('\n');
}

function unroutable({ unroutable: number }: Tally): string[] {
  if (number === 0) return [];
  return [`${count(number)} of the acked ones are in no queue: none is bound for them, and they were not mandatory.`];
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
    return ['', `${left} Publish them again:`, `  ${again}`];
  }
  return isResumed ? [`All of ${unconfirmedFile} is confirmed: it is removed.`] : [];
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
    reasons: tally.reasons,
    stopped: stopped ?? null,
    unconfirmedFile: tally.unconfirmed > 0 ? unconfirmedFile : null,
  };
}
