import type { Found } from './found-exceptions.ts';
import type { Example, NoticeRow } from './notice-row.ts';
import { oneLine, quoted, subjectOf, timeOf } from './plain-text.ts';

/** What on-call is sent. The subject is ASCII, of 100 characters at most, as SNS asks for. */
export interface OnCallMessage {
  readonly subject: string;
  readonly text: string;
}

/** Of the stage whose exceptions they are; `until` is when on-call hears again at the earliest, and when it is escalated. */
export interface NoticeContext {
  readonly stage: string;
  readonly quietUntil: Date;
  readonly escalatedAt: Date;
}

/** Everything a person needs at night: what, how many, who is hurt, two examples, and the commands to paste. */
export function noticeText(row: NoticeRow, found: Found, context: NoticeContext): OnCallMessage {
  const many = countOf(Math.max(1, found.untold), found.isPart);
  const kind = kindOf(row);
  return {
    subject: subjectOf(`Warren ${context.stage}: ${many} failed: ${kind}`),
    text: [
      `Warren ${context.stage}: ${many} failed since ${timeOf(found.first.at)}: ${kind}.`,
      `${countOf(found.open, found.isPart)} of this kind ${found.open === 1 ? 'waits' : 'wait'} for you.`,
      impactOf(row),
      '',
      ...examplesOf(found),
      '',
      ...commandsOf(row, found.first, context.stage),
      '',
      `Quiet until ${timeOf(context.quietUntil)}. Escalated at ${timeOf(context.escalatedAt)}, unless somebody says that they see to it:`,
      acknowledgeOf(row, context.stage),
    ].join('\n'),
  };
}

/** Nobody has acknowledged the notice of this fingerprint. */
export function escalationText(
  row: NoticeRow & { readonly alerted_at: string },
  { open, isPart }: { readonly open: number; readonly isPart: boolean },
  { stage, escalatedAt }: Pick<NoticeContext, 'stage' | 'escalatedAt'>,
): OnCallMessage {
  const kind = kindOf(row);
  const waiting = countOf(open, isPart);
  return {
    subject: subjectOf(`ESCALATION Warren ${stage}: ${waiting} unattended: ${kind}`),
    text: [
      `ESCALATION, Warren ${stage}: nobody has acknowledged what on-call was told at ${timeOf(row.alerted_at)}.`,
      `${waiting} wait unattended: ${kind}.`,
      impactOf(row),
      '',
      ...commandsOf(row, row.last, stage),
      '',
      `Escalated again at ${timeOf(escalatedAt)}, unless somebody says that they see to it:`,
      acknowledgeOf(row, stage),
    ].join('\n'),
  };
}

function countOf(count: number, isPart: boolean): string {
  if (count === 1 && !isPart) return '1 message';
  return `${count}${isPart ? ' or more' : ''} messages`;
}

function kindOf({ error_name, place }: NoticeRow): string {
  return oneLine(`${error_name} in ${place}`);
}

function impactOf({ impact }: NoticeRow): string {
  return `Impact: ${impact === undefined ? 'not declared for this place' : oneLine(impact)}`;
}

function examplesOf({ first, last }: Found): string[] {
  const shown =
    first.event_id === last.event_id
      ? [['Message', first] as const]
      : ([
          ['First', first],
          ['Last', last],
        ] as const);
  return shown.map(([title, { event_id, business_key, at }]) =>
    oneLine(`${title}: ${event_id}${business_key === undefined ? '' : `, ${business_key}`}, ${timeOf(at)}`),
  );
}

function commandsOf({ fingerprint }: NoticeRow, { event_id }: Example, stage: string): string[] {
  const which = `--stage ${stage} --fingerprint ${quoted(fingerprint)}`;
  return [
    'Look:',
    `  npx warren exceptions list ${which}`,
    `  npx warren exceptions show --stage ${stage} ${quoted(event_id)}`,
    'When its cause is repaired, send them again:',
    `  npx warren exceptions replay ${which} --reason "..."`,
    'What to do: docs/operations.md#when-a-notice-comes',
  ];
}

function acknowledgeOf({ fingerprint }: NoticeRow, stage: string): string {
  return `  npx warren exceptions acknowledge --stage ${stage} --fingerprint ${quoted(fingerprint)} --reason "..."`;
}
