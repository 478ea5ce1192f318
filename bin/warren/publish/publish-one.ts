import { buffer } from 'node:stream/consumers';
import type { PublishAnswer } from '../../../lambdas/shared/publishing/contract.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { InvalidMessageError } from '../message-line.ts';
import { type MessageDefaults, type OpenMessage, toOpenMessage } from './message-line.ts';
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
  const message = messageOf({ ...defaults, ...(await payloadOf(options, io)) }, newEventId);
  const { producer } = await reach(destination);
  const request = { vhost, mode, detail: 'queues', messages: [message.json] } as const;
  const answer = await producer.publish(request).catch((error: unknown) => failed(error));
  if (answer instanceof RequestFailedError) {
    const text = `unknown: ${answer.message}`;
    if (json) printJson(io, { error: { text }, message_id: message.eventId });
    else io.stdout.write(`${text}\n${repeat(message)}\n`);
    return 1;
  }
  const [settled] = settle([message], answer, mode).settled;
  if (json) printJson(io, answer);
  else if (settled) io.stdout.write(`${lines(settled, answer).join('\n')}\n`);
  return settled?.fate === 'acked' ? 0 : 1;
}

/** What is known to have sent nothing is as if nothing had been asked for. */
function failed(error: unknown): RequestFailedError {
  if (!(error instanceof RequestFailedError)) throw error;
  if (error.sent === 'nothing') throw new UsageError(`${error.message}; nothing was sent`, { cause: error });
  return error;
}

function messageOf(message: MessageDefaults, newEventId: () => string): OpenMessage {
  try {
    return toOpenMessage(message, 1, {}, newEventId);
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
  try {
    return { payload: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { payload: bytes.toString('base64'), payload_encoding: 'base64' };
  }
}

function lines({ message, fate, reason }: Settled, { messages: [report] }: PublishAnswer): string[] {
  const queues = report?.queues ?? [];
  const stored = queues.filter(({ outcome }) => outcome === 'stored').map(({ queue }) => queue);
  const problems = queues.flatMap((one) => ('reason' in one ? [`  ${one.queue}: ${one.outcome}, ${one.reason}`] : []));
  switch (fate) {
    case 'acked':
      return [`acked: ${message.eventId} is ${report?.row ? inOutbox(report) : inQueues(stored)}`];
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
        ...(stored.length > 0 ? [`  stored in ${stored.join(', ')}`] : []),
        repeat(message),
      ];
    default:
      throw new Error(`no such fate: ${fate satisfies never}`);
  }
}

function inQueues(stored: readonly string[]): string {
  return stored.length > 0 ? `in ${stored.join(', ')}` : 'in no queue: none is bound for it';
}

/** Its row is routed when it is delivered; the report counts the queues bound for it now. */
function inOutbox({ row, routed }: PublishAnswer['messages'][number]): string {
  const since = row === 'written-before' ? ', since an earlier publish' : '';
  const bound = routed === 0 ? 'no queue is' : routed === 1 ? 'one queue is' : `${routed} queues are`;
  return `in the outbox${since}; ${bound} bound for it`;
}

function repeat({ eventId }: OpenMessage): string {
  return `To publish it again with the same event id, add --property message_id=${eventId}`;
}
