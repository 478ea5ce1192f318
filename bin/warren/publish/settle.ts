import type { PublishAnswer } from '../../../lambdas/shared/publishing/contract.ts';
import type { OpenMessage } from './message-line.ts';
import type { PublishMode } from './producer.ts';
import type { Fate } from './tally.ts';

export interface Settled {
  readonly message: OpenMessage;
  readonly fate: Fate;
  readonly reason?: string | undefined;
  /** In no queue. */
  readonly isUnroutable: boolean;
  /** As it is it would fail again: it must be repaired first, or what it names. */
  readonly needsRepair: boolean;
}

export interface SettledRequest {
  readonly settled: readonly Settled[];
  /** Those behind the one whose error closed the channel. */
  readonly again: readonly OpenMessage[];
  /** What was said instead of `tx.commit-ok`, if no message alone is to blame: what other queues took stays. */
  readonly incomplete?: string | undefined;
}

/**
 * What an answer says of each message of its request. For those behind the one whose error closed the channel a publisher would open another
 * one; of a transaction nothing is left to publish by itself.
 */
export function settle(messages: readonly OpenMessage[], answer: PublishAnswer, mode: PublishMode): SettledRequest {
  const culprit = culpritOf(answer);
  const error = answer.channel_error;
  const ends = mode === 'confirm' && culprit !== undefined ? culprit + 1 : messages.length;
  const why = whyNotPublished(messages, answer, culprit);
  return {
    settled: messages.slice(0, ends).map((message, at) => {
      const settled = settledOne(message, answer.messages[at], why(at));
      return { ...settled, needsRepair: settled.needsRepair || (error !== undefined && at === error.message) };
    }),
    again: messages.slice(ends),
    ...(mode === 'tx' && error && error.message === undefined && { incomplete: textOf(error) }),
  };
}

/** The message that the others were not published for. Undefined: they were, or for no single one. */
function culpritOf({ messages, channel_error: error }: PublishAnswer): number | undefined {
  if (error) return error.message;
  const at = messages.findIndex(({ confirm }) => confirm === 'nack');
  return at >= 0 && messages.some(({ confirm }) => confirm === 'not-published') ? at : undefined;
}

/** Of a transaction all lines go with the one that was refused, so it is named. */
function whyNotPublished(messages: readonly OpenMessage[], { channel_error: error }: PublishAnswer, culprit?: number) {
  const text = error && textOf(error);
  return (at: number): string | undefined => {
    if (culprit === undefined || at === culprit) return text;
    return [`with line ${messages[culprit]?.line}, which was refused`, ...(text ? [text] : [])].join(': ');
  };
}

function textOf({ reply_code, reply_text }: NonNullable<PublishAnswer['channel_error']>): string {
  return `${reply_code} ${reply_text}`;
}

function settledOne(
  message: OpenMessage,
  report: PublishAnswer['messages'][number] | undefined,
  whyNot: string | undefined,
): Settled {
  const isUnroutable = report?.confirm === 'ack' && report.routed === 0;
  const told = (fate: Fate, reason?: string, needsRepair = false): Settled => ({
    message,
    fate,
    reason,
    isUnroutable,
    needsRepair,
  });
  if (!report) return told('unknown', 'the answer says nothing of it');
  switch (report.confirm) {
    case 'ack':
      return isUnroutable && message.mandatory ? told('returned', 'no queue is bound for it', true) : told('acked');
    case 'nack':
      return told('nacked', problemOf(report), report.queues.some(isForEver));
    case 'unknown':
      return told('unknown', problemOf(report));
    case 'not-published':
      return told('not-published', whyNot);
    default:
      throw new Error(`no such confirm: ${report.confirm satisfies never}`);
  }
}

function isForEver(queue: PublishAnswer['messages'][number]['queues'][number]): boolean {
  return queue.outcome === 'refused' && queue.permanent === true;
}

function problemOf({ queues }: PublishAnswer['messages'][number]): string | undefined {
  const [problem] = queues.filter(({ outcome }) => outcome !== 'stored');
  return problem && 'reason' in problem ? `${problem.queue}: ${problem.reason}` : undefined;
}
