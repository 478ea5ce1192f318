import { SendMessageBatchCommand, type SQSClient, SQSServiceException } from '@aws-sdk/client-sqs';
import { type SqsMessage, sqsMessageBytes } from './envelope.ts';

/** What is known of one send. `unknown`: no answer came, the message may be stored. */
export type SendOutcome =
  | { readonly outcome: 'stored'; readonly sqsMessageId: string }
  /** Waits as a schedule of that name, for longer than SQS delays. */
  | { readonly outcome: 'stored'; readonly schedule: string }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly reason: string };

/**
 * Stores messages in one queue. An implementation MUST answer one outcome per message, in the order given, and MUST NOT call
 * a message refused that may be stored.
 */
export interface QueueSender {
  send(queueUrl: string, messages: readonly SqsMessage[]): Promise<SendOutcome[]>;
}

/** SQS takes at most 10 entries and 1 MiB in total per call, and 1 MiB per message (SQS, quotas-messages). */
const maxBatchEntries = 10;
export const maxMessageBytes = 1_048_576;

export interface SqsQueueSenderDeps {
  readonly sqs: SQSClient;
  /** Tries per entry, the first included, on top of the SDK's own retries of a call that failed as a whole. */
  readonly maxAttempts: number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** At least 0, below 1. */
  readonly random: () => number;
}

export function createSqsQueueSender(deps: SqsQueueSenderDeps): QueueSender {
  return {
    async send(queueUrl, messages) {
      const outcomes = new Array<SendOutcome | undefined>(messages.length);
      const entries = messages.map((message, index): Entry => ({ index, message, mayBeStored: false }));
      for (const entry of entries) {
        const bytes = sqsMessageBytes(entry.message);
        if (bytes > maxMessageBytes) {
          outcomes[entry.index] = {
            outcome: 'refused',
            reason: `${bytes} bytes with its envelope; SQS takes ${maxMessageBytes}`,
          };
        }
      }
      const sendable = entries.filter(({ index }) => outcomes[index] === undefined);
      if (messages.some(({ MessageGroupId }) => MessageGroupId !== undefined)) {
        await sendInOrder(deps, queueUrl, sendable, outcomes);
      } else {
        for (const batch of packBatches(sendable)) {
          for (const [index, outcome] of await sendBatch(deps, queueUrl, batch)) outcomes[index] = outcome;
        }
      }
      return outcomes.map(
        (outcome) => outcome ?? { outcome: 'unknown', reason: 'SQS answered nothing about this entry' },
      );
    },
  };
}

/** Into a FIFO queue one by one: in a batch, an entry that failed would be sent again behind those that did not. */
async function sendInOrder(
  deps: SqsQueueSenderDeps,
  queueUrl: string,
  entries: readonly Entry[],
  outcomes: (SendOutcome | undefined)[],
): Promise<void> {
  let isBroken = false;
  for (const entry of entries) {
    const sent: SendOutcome | undefined = isBroken
      ? undefined
      : (await sendBatch(deps, queueUrl, [entry])).get(entry.index);
    outcomes[entry.index] = sent ?? {
      outcome: 'refused',
      reason: 'not sent: one before it was not stored, and order counts',
    };
    isBroken ||= sent?.outcome !== 'stored';
  }
}

interface Entry {
  readonly index: number;
  readonly message: SqsMessage;
  /** A call that carried the entry got no answer: whatever a later try says, it may be stored already. */
  mayBeStored: boolean;
}

/** In order, as full as the limits allow. */
function packBatches(entries: readonly Entry[]): Entry[][] {
  const batches: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const bytes = sqsMessageBytes(entry.message);
    const batch = batches.at(-1);
    if (batch && batch.length < maxBatchEntries && bytes <= room) {
      batch.push(entry);
      room -= bytes;
    } else {
      batches.push([entry]);
      room = maxMessageBytes - bytes;
    }
  }
  return batches;
}

async function sendBatch(
  deps: SqsQueueSenderDeps,
  queueUrl: string,
  batch: Entry[],
): Promise<Map<number, SendOutcome>> {
  const outcomes = new Map<number, SendOutcome>();
  let pending = batch;
  for (let attempt = 1; pending.length > 0; attempt++) {
    const { stored, failures } = await trySend(deps.sqs, queueUrl, pending);
    for (const [index, outcome] of stored) outcomes.set(index, outcome);
    for (const { entry, reason, noAnswer } of failures) {
      entry.mayBeStored ||= noAnswer;
      outcomes.set(entry.index, { outcome: entry.mayBeStored ? 'unknown' : 'refused', reason });
    }
    pending = failures.filter(({ retryable }) => retryable).map(({ entry }) => entry);
    if (attempt >= deps.maxAttempts) break;
    // Full jitter, so that publishers that failed together do not come back together.
    if (pending.length > 0) await deps.sleep(deps.random() * 100 * 2 ** attempt);
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
async function trySend(sqs: SQSClient, queueUrl: string, entries: readonly Entry[]): Promise<Sent> {
  try {
    const answer = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: entries.map(({ message }, position) => ({ Id: String(position), ...message })),
      }),
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
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { stored: new Map(), failures: entries.map((entry) => ({ entry, reason, retryable: !refused, noAnswer })) };
  }
}

/** The SDK repeats a call by itself, among others when its reply was lost: only the last try's answer is seen. */
function wasRepeated({ $metadata }: Partial<Pick<SQSServiceException, '$metadata'>>): boolean {
  return ($metadata?.attempts ?? 1) > 1;
}
