import { decodeMessage } from '../../../lambdas/shared/broker/envelope.ts';
import type { ExceptionRow } from '../../../lambdas/shared/exceptions/exception-row.ts';
import { maskedBody } from '../../../lambdas/shared/exceptions/personal-fields.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { timeOf } from './list.ts';
import type { ExceptionsDeps } from './options.ts';

export interface ShowOptions {
  readonly stage: string;
  /** Personal fields as they are. */
  readonly reveal: boolean;
  readonly json: boolean;
}

/** `warren exceptions show`: every row of one event. */
export async function show(
  eventId: string,
  options: ShowOptions,
  io: Io,
  deps: Pick<ExceptionsDeps, 'reach'>,
): Promise<ExitStatus> {
  const { store } = await deps.reach(options.stage);
  const rows: ExceptionRow[] = [];
  for await (const listed of store.find({ eventId })) {
    const row = await store.get(listed);
    if (row) rows.push(options.reveal ? row : masked(row));
  }
  if (rows.length === 0) {
    throw new UsageError(
      `no exception has the event id '${eventId}'. Find it: npx warren exceptions list --stage ${options.stage} --rows`,
    );
  }
  if (options.json) printJson(io, { rows });
  else io.stdout.write(`${rows.map((row) => textOf(row, options)).join('\n\n')}\n`);
  return 0;
}

function masked(row: ExceptionRow): ExceptionRow {
  return row.body === undefined ? row : { ...row, body: maskedBody(row.body, row.personal) };
}

function textOf(row: ExceptionRow, { stage, reveal }: ShowOptions): string {
  const { event_id, state, place, reason, occurrences, created_at, last_at, business_key, fingerprint, impact } = row;
  const facts: (readonly [string, string | undefined])[] = [
    ['event', event_id],
    ['state', state],
    ['where', place],
    ['reason', reason],
    ['times', `${occurrences}, first ${timeOf(created_at)}, last ${timeOf(last_at)} UTC`],
    ['queued', queuedText(row)],
    ['key', business_key],
    ['fingerprint', fingerprint],
    ['impact', impact],
    ['error', `${row.error_name}: ${row.error_message}`],
    ['frames', row.error_stack?.replaceAll('\n', `\n${' '.repeat(13)}`)],
    ...messageFacts(row),
    ['masked', reveal || row.personal.length === 0 ? undefined : `${row.personal.join(', ')} (--reveal shows them)`],
    ...row.history.map(
      ({ at, who, act, why, from, to }) => ['act', `${timeOf(at)} ${who}: ${act}, ${from} → ${to}: ${why}`] as const,
    ),
  ];
  const lines = facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(12)} ${value}`]));
  return [...lines, ...nextOf(row, stage)].join('\n');
}

/** What somebody found, such as a difference of the books, has no message that could be sent again. */
function nextOf({ state, event_id, body }: ExceptionRow, stage: string): string[] {
  if (state !== 'open' && state !== 'parked') return [];
  const which = `--stage ${stage}${state === 'open' ? '' : ` --state ${state}`} --event ${event_id} --reason '…'`;
  if (body !== undefined) return [`Replay it:   npx warren exceptions replay ${which}`];
  return [
    'It has no message to replay. When what it says is mended:',
    `Discard it:  npx warren exceptions discard ${which}`,
  ];
}

/** How it lay in its queue. */
function queuedText({ sent_at, receives, message_group, sequence_number }: ExceptionRow): string | undefined {
  if (sent_at === undefined) return undefined;
  const times = receives === 1 ? 'once' : `${receives ?? 0} times`;
  const place = sequence_number === undefined ? '' : `; number ${sequence_number} in group ${message_group}`;
  return `sent ${timeOf(sent_at)} UTC, handed out ${times}${place}`;
}

function messageFacts({ event_id, body, amqp, amqp_key }: ExceptionRow): (readonly [string, string | undefined])[] {
  const facts = [['body', body]] as const;
  if (amqp === undefined) return [...facts, ['headers', amqp_key && `in S3 as ${amqp_key}`]];
  try {
    const { exchange, routingKeys, headers } = decodeMessage(body ?? '', amqp, event_id);
    return [
      ['published', `exchange '${exchange}', ${routingKeys.map((key) => `'${key}'`).join(', ')}`],
      ['headers', Object.keys(headers).length > 0 ? JSON.stringify(headers) : undefined],
      ...facts,
    ];
  } catch (error) {
    return [...facts, ['envelope', error instanceof Error ? error.message : String(error)]];
  }
}
