import { buffer } from 'node:stream/consumers';
import type { QueueOutcome } from '../../../lambdas/shared/broker/report.ts';
import type { PublishAnswer } from '../../../lambdas/shared/publishing/contract.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { InvalidMessageError } from '../message-line.ts';
import { count } from './count.ts';
import { type MessageDefaults, type OpenMessage, type Parsing, toOpenMessage } from './message-line.ts';
import type { PublishDeps, PublishOptions } from './options.ts';
import { RequestFailedError } from './producer.ts';
import { type Settled, settle } from './settle.ts';

/** `warren publish --exchange E --routing-key K --payload TEXT` */
export async function publishOne(
  defaults: MessageDefaults,
  options: PublishOptions,
  io: Io,
  { reach, newEventId }: PublishDeps,
): Promise<ExitStatus> {
  const { destination, vhost, mode, json } = options;
  const message = messageOf({ ...defaults, ...(await payloadOf(options, io)) }, { defaults: {}, newEventId, mode });
  const { producer } = await reach(destination);
  const request = { vhost, mode, detail: 'queues', messages: [message.json] } as const;
  const answer = await producer.publish(request).catch((error: unknown) => failed(error));
  if (answer instanceof RequestFailedError) {
    const text = `unknown: ${answer.message}`;
    if (json) printJson(io, { error: { text }, message_id: message.eventId });
    else io.stdout.write(`${text}\n${repeat(message)}\n`);
    return 1;
  }
  const {
    settled: [settled],
    incomplete,
  } = settle([message], answer, mode);
  if (json) printJson(io, answer);
  else if (settled) {
    const whole = incomplete === undefined ? [] : [`The transaction did not complete: ${incomplete}`];
    io.stdout.write(`${[...lines(settled, answer), ...whole].join('\n')}\n`);
  }
  return settled?.fate === 'acked' ? 0 : 1;
}

/** What is known to have sent nothing is as if nothing had been asked for. */
function failed(error: unknown): RequestFailedError {
  if (!(error instanceof RequestFailedError)) throw error;
  if (error.sent === 'nothing') throw new UsageError(`${error.message}; nothing was sent`, { cause: error });
  return error;
}

function messageOf(message: MessageDefaults, parsing: Parsing): OpenMessage {
  try {
    return toOpenMessage(message, 1, parsing);
  } catch (error) {
    if (error instanceof InvalidMessageError) throw new UsageError(`the message cannot be published: ${error.message}`);
    throw error;
  }
}

async function payloadOf({ payload }: PublishOptions, { stdin }: Io): Promise<object> {
  if (payload !== undefined) return { payload };
  if (stdin.isTTY)
    throw new UsageError('there is no message: give --payload TEXT, --file FILE, or the payload on stdin');
  const bytes = await buffer(stdin);
  // More often a pipe that broke, or a script without one, than a message without a body.
  if (bytes.length === 0)
    throw new UsageError("stdin is empty, and there is no --payload: --payload '' publishes a message without a body");
  try {
    return { payload: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { payload: bytes.toString('base64'), payload_encoding: 'base64' };
  }
}

function lines({ message, fate, reason, needsRepair }: Settled, { messages: [report] }: PublishAnswer): string[] {
  const queues = report?.queues ?? [];
  const stored = queues.filter((queue) => queue.outcome === 'stored');
  const problems = queues.flatMap((one) => ('reason' in one ? [`  ${one.queue}: ${one.outcome}, ${one.reason}`] : []));
  switch (fate) {
    case 'acked':
      return [`acked: ${message.eventId} ${report?.row ? inOutbox(report) : whereIs(stored)}`];
    case 'returned':
      return [`returned: ${message.eventId}, no queue is bound for it`];
    case 'not-published':
    case 'invalid':
      return [`not published: ${reason ?? 'it is not said why'}`];
    case 'nacked':
    case 'unknown':
      return [
        `${fate}: ${message.eventId}`,
        ...problems,
        ...(stored.length > 0 ? [`  it ${whereIs(stored)}`] : []),
        ...(queues.some((one) => one.outcome === 'refused' && one.deadLettered)
          ? ['To publish it again would dead-letter it again while the queue is full.']
          : []),
        needsRepair ? repair(message) : repeat(message),
      ];
    default:
      throw new Error(`no such fate: ${fate satisfies never}`);
  }
}

type Stored = Extract<QueueOutcome, { outcome: 'stored' }>;

/** In queues now, or in some time: it waits in SQS or in a schedule, and nobody finds it in the queue before. */
function whereIs(stored: readonly Stored[]): string {
  if (stored.length === 0) return 'is in no queue: none is bound for it';
  const now = stored.filter(({ delayMs }) => delayMs === undefined).map(({ queue }) => queue);
  const later = stored.flatMap(({ queue, delayMs, leaves }) => {
    if (delayMs === undefined) return [];
    return leaves
      ? [`waits in ${queue}, and leaves it by its dead-letter exchange in ${duration(delayMs)}`]
      : [`will be in ${queue} in ${duration(delayMs)}`];
  });
  return [...(now.length > 0 ? [`is in ${now.join(', ')}`] : []), ...later].join('; ');
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${count(Math.round(milliseconds / 1000))} s`;
}

/** Its row is routed when it is delivered; the report counts the queues bound for it now. */
function inOutbox({ row, routed }: PublishAnswer['messages'][number]): string {
  const since = row === 'written-before' ? ', since an earlier publish' : '';
  const later = ': if that is still so when it is relayed, it becomes an exception';
  const bound = routed === 1 ? 'one queue is bound for it' : `${routed} queues are bound for it`;
  return `is in the outbox${since}; ${routed === 0 ? `no queue is bound for it${later}` : bound}`;
}

function repair({ eventId }: OpenMessage): string {
  return `As it is it would be refused again. Repaired, it keeps its event id with --property message_id=${eventId}`;
}

function repeat({ eventId }: OpenMessage): string {
  return `To publish it again with the same event id, add --property message_id=${eventId}`;
}
