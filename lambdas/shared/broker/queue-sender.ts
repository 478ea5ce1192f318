import { SendMessageBatchCommand, type SQSClient, SQSServiceException } from '@aws-sdk/client-sqs';
import { type Entry, packBatches, type Sendable } from './batches.ts';
import { failureReason } from './failure-reason.ts';
import type { SendOutcome } from './report.ts';

/**
 * Stores messages in one queue. An implementation MUST answer one outcome per message, in the order given, MUST NOT call a message refused
 * that may be stored, and MUST answer soon after the deadline: what no call carried is refused then, what is under way is unknown.
 */
export interface QueueSender {
  send(queueUrl: string, messages: readonly Sendable[], deadline?: AbortSignal): Promise<SendOutcome[]>;
}

export interface SqsQueueSenderDeps {
  readonly sqs: SQSClient;
  /** Tries per entry, the first included, on top of the SDK's own retries of a call that failed as a whole. */
  readonly maxAttempts: number;
  /** MUST end at the deadline. */
  readonly sleep: (milliseconds: number, deadline?: AbortSignal) => Promise<unknown>;
  /** At least 0, below 1. */
  readonly random: () => number;
}

export function createSqsQueueSender(deps: SqsQueueSenderDeps): QueueSender {
  return {
    async send(queueUrl, messages, deadline) {
      const isOrdered = messages.some(({ group }) => group !== undefined);
      const outcomes = await (isOrdered ? sendInOrder : sendInBatches)({ ...deps, queueUrl, deadline }, messages);
      return messages.map((_, index) => outcomes.get(index) ?? notSent);
    },
  };
}

type Outcomes = Map<number, SendOutcome>;

interface Target extends SqsQueueSenderDeps {
  readonly queueUrl: string;
  readonly deadline: AbortSignal | undefined;
}

/** Those of `indexes`; default: all. */
async function sendInBatches(
  queue: Target,
  messages: readonly Sendable[],
  indexes?: readonly number[],
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  for await (const batch of packBatches(messages, indexes)) {
    if (queue.deadline?.aborted) break;
    if ('refused' in batch) outcomes.set(batch.index, batch.refused);
    else for (const [index, outcome] of await sendBatch(queue, batch)) outcomes.set(index, outcome);
  }
  return outcomes;
}

/**
 * Into a FIFO queue the first of each group, then the second of each, …: with others of its group in one batch, an entry that failed would be
 * sent again behind those that did not. What is behind one that is not stored is not sent.
 */
async function sendInOrder(queue: Target, messages: readonly Sendable[]): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  let waiting = [...Map.groupBy(messages.keys(), (index) => messages[index]?.group).values()];
  while (waiting.length > 0 && !queue.deadline?.aborted) {
    const heads = waiting.flatMap(([head]) => head ?? []);
    for (const [index, outcome] of await sendInBatches(queue, messages, heads)) outcomes.set(index, outcome);
    waiting = waiting.flatMap(([head = -1, ...behind]) => {
      if (outcomes.get(head)?.outcome === 'stored') return behind.length > 0 ? [behind] : [];
      for (const index of behind) outcomes.set(index, notSentBefore);
      return [];
    });
  }
  return outcomes;
}

const notSentBefore: SendOutcome = {
  outcome: 'refused',
  reason: 'not sent: one before it was not stored, and order counts',
};
const notSent: SendOutcome = { outcome: 'refused', reason: 'not sent: the function’s time was up' };

/** What is known of each entry at the end, or at the deadline. */
async function sendBatch(queue: Target, batch: Entry[]): Promise<Map<number, SendOutcome>> {
  const { maxAttempts, sleep, random, deadline } = queue;
  const outcomes = new Map<number, SendOutcome>(batch.map(({ index }) => [index, notSent]));
  let pending = batch;
  for (let attempt = 1; pending.length > 0 && !deadline?.aborted; attempt++) {
    const { stored, failures } = await trySend(queue, pending);
    for (const [index, outcome] of stored) outcomes.set(index, outcome);
    for (const { entry, reason, noAnswer } of failures) {
      entry.mayBeStored ||= noAnswer;
      outcomes.set(entry.index, { outcome: entry.mayBeStored ? 'unknown' : 'refused', reason });
    }
    pending = failures.filter(({ retryable }) => retryable).map(({ entry }) => entry);
    if (attempt >= maxAttempts) break;
    // Full jitter, so that publishers that failed together do not come back together.
    if (pending.length > 0) await sleep(random() * 100 * 2 ** attempt, deadline);
  }
  return outcomes;
}

interface Failure {
  readonly entry: Entry;
  readonly reason: string;
  readonly retryable: boolean;
  readonly noAnswer: boolean;
}

interface Sent {
  readonly stored: ReadonlyMap<number, SendOutcome>;
  readonly failures: readonly Failure[];
}

/** One call. Entry ids are positions: business ids may hold what SQS refuses. */
async function trySend({ sqs, queueUrl, deadline }: Target, entries: readonly Entry[]): Promise<Sent> {
  try {
    const answer = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: entries.map(({ message }, position) => ({ Id: String(position), ...message })),
      }),
      { abortSignal: deadline },
    );
    const stored = new Map(
      (answer.Successful ?? []).flatMap(({ Id, MessageId = '' }): [number, SendOutcome][] => {
        const entry = entries[Number(Id)];
        return entry ? [[entry.index, { outcome: 'stored', sqsMessageId: MessageId }]] : [];
      }),
    );
    const failed = new Map((answer.Failed ?? []).map((failure) => [Number(failure.Id), failure]));
    const failures = entries.flatMap((entry, position): Failure[] => {
      if (stored.has(entry.index)) return [];
      const failure = failed.get(position);
      if (!failure)
        return [{ entry, reason: 'SQS answered nothing about this entry', retryable: true, noAnswer: true }];
      const reason = `${failure.Code}: ${failure.Message ?? 'no reason given'}`;
      return [{ entry, reason, retryable: failure.SenderFault !== true, noAnswer: wasRepeated(answer) }];
    });
    return { stored, failures };
  } catch (error) {
    const refused = error instanceof SQSServiceException && error.$fault === 'client';
    const noAnswer = !refused || wasRepeated(error);
    const reason = failureReason(error, deadline);
    return { stored: new Map(), failures: entries.map((entry) => ({ entry, reason, retryable: !refused, noAnswer })) };
  }
}

/** The SDK repeats a call by itself, among others when its reply was lost: only the last try's answer is seen. */
function wasRepeated({ $metadata }: Partial<Pick<SQSServiceException, '$metadata'>>): boolean {
  return ($metadata?.attempts ?? 1) > 1;
}
