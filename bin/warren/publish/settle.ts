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
}

/**
 * What an answer says of each message of its request. `again`: those behind the one whose error closed the channel. A publisher would open
 * another channel for them; of a transaction nothing is left to publish by itself.
 */
export function settle(
  messages: readonly OpenMessage[],
  answer: PublishAnswer,
  mode: PublishMode,
): { readonly settled: readonly Settled[]; readonly again: readonly OpenMessage[] } {
  const culprit = culpritOf(answer);
  const ends = mode === 'confirm' && culprit !== undefined ? culprit + 1 : messages.length;
  const why = whyNotPublished(messages, answer, culprit);
  return {
    settled: messages.slice(0, ends).map((message, at) => settledOne(message, answer.messages[at], why(at))),
    again: messages.slice(ends),
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
  const text = error && `${error.reply_code} ${error.reply_text}`;
  return (at: number): string | undefined => {
    if (culprit === undefined || at === culprit) return text;
    return [`with line ${messages[culprit]?.line}, which was refused`, ...(text ? [text] : [])].join(': ');
  };
}

function settledOne(
  message: OpenMessage,
  report: PublishAnswer['messages'][number] | undefined,
  whyNot: string | undefined,
): Settled {
  if (!report) return { message, fate: 'unknown', reason: 'the answer says nothing of it', isUnroutable: false };
  const isUnroutable = report.confirm === 'ack' && report.routed === 0;
  const told = (fate: Fate, reason?: string): Settled => ({ message, fate, reason, isUnroutable });
  switch (report.confirm) {
    case 'ack':
      return isUnroutable && message.mandatory ? told('returned', 'no queue is bound for it') : told('acked');
    case 'nack':
      return told('nacked', problemOf(report));
    case 'unknown':
      return told('unknown', problemOf(report));
    case 'not-published':
      return told('not-published', whyNot);
    default:
      throw new Error(`no such confirm: ${report.confirm satisfies never}`);
  }
}

function problemOf({ queues }: PublishAnswer['messages'][number]): string | undefined {
  const [problem] = queues.filter(({ outcome }) => outcome !== 'stored');
  return problem && 'reason' in problem ? `${problem.queue}: ${problem.reason}` : undefined;
}
