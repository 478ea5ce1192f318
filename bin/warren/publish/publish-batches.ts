import type { OpenMessage } from './message-line.ts';
import type { Pace } from './pace.ts';
import { type Producer, type ProducerRequest, RequestFailedError } from './producer.ts';
import { type Settled, type SettledRequest, settle } from './settle.ts';
import type { Tally } from './tally.ts';
import type { Leftovers } from './unconfirmed-file.ts';

export interface PublishingRun {
  readonly producer: Producer;
  readonly request: Omit<ProducerRequest, 'messages'>;
  readonly pace: Pace;
  readonly leftovers: Pick<Leftovers, 'write'>;
  readonly tally: Tally;
  /** No further request is made then. */
  readonly stop: AbortSignal;
  /** The one that is under way is given up, too. */
  readonly giveUp: AbortSignal;
  readonly onProgress: () => void;
  /** The input is there as before: when nothing at all was sent, there is nothing to write down. */
  readonly isRepeatable: boolean;
}

/** Requests in a row that confirmed nothing, after which the next ones would not either. */
const patience = 5;

/**
 * Publishes batch after batch, in order, one request at a time; what is not confirmed is written down. Once it stops, the rest of the input
 * is written down, too. Answers why it stopped before the end, if it did. Throws a `RequestFailedError` when nothing was sent of what is
 * there to be published again, and the first request says why.
 */
export async function publishBatches(
  batches: AsyncIterable<readonly OpenMessage[]>,
  run: PublishingRun,
): Promise<string | undefined> {
  const { tally, leftovers, stop } = run;
  let stopped: string | undefined;
  let barren = 0;

  async function publish(messages: readonly OpenMessage[]): Promise<readonly OpenMessage[]> {
    await run.pace.before(messages.length, stop);
    if (stop.aborted) return messages;
    const { settled, again, failure, incomplete } = await publishOnce(messages, run);
    if (failure && isAsIfNever(failure, run)) throw failure;
    await record(settled, run);
    if (incomplete !== undefined) tally.addIncomplete(incomplete);
    barren = settled.some(({ fate }) => fate === 'acked') ? 0 : barren + 1;
    stopped = reasonToStop(failure, barren);
    run.onProgress();
    return again;
  }

  for await (const batch of batches) {
    let left: readonly OpenMessage[] = batch;
    while (left.length > 0 && stopped === undefined && !stop.aborted) left = await publish(left);
    if (left.length === 0) continue;
    stopped ??= 'interrupted';
    for (const { line } of left) tally.add('not-published', line);
    await leftovers.write(left.map(textOf));
  }
  return stopped;
}

async function record(settled: readonly Settled[], { tally, leftovers }: PublishingRun): Promise<void> {
  for (const { message, fate, reason, isUnroutable, needsRepair } of settled) {
    tally.add(fate, message.line, reason, needsRepair);
    if (isUnroutable && fate === 'acked') tally.unroutable++;
  }
  const left = settled.filter(({ fate }) => fate !== 'acked');
  await leftovers.write(left.map(({ message }) => textOf(message)));
}

function isAsIfNever({ isFinal, sent }: RequestFailedError, { isRepeatable, tally }: PublishingRun): boolean {
  return isFinal && sent === 'nothing' && isRepeatable && tally.total === 0;
}

function reasonToStop(failure: RequestFailedError | undefined, barren: number): string | undefined {
  if (failure?.isFinal) return failure.message;
  return barren >= patience ? `${patience} requests in a row confirmed nothing` : undefined;
}

interface Published extends SettledRequest {
  readonly failure?: RequestFailedError;
}

async function publishOnce(
  messages: readonly OpenMessage[],
  { producer, request, giveUp }: PublishingRun,
): Promise<Published> {
  try {
    const answer = await producer.publish({ ...request, messages: messages.map(({ json }) => json) }, giveUp);
    return settle(messages, answer, request.mode);
  } catch (failure) {
    if (!(failure instanceof RequestFailedError)) throw failure;
    const fate = failure.sent === 'nothing' ? 'not-published' : 'unknown';
    const settled = messages.map(
      (message): Settled => ({
        message,
        fate,
        reason: failure.message,
        isUnroutable: false,
        needsRepair: failure.isAbout(message.eventId),
      }),
    );
    return { settled, again: [], failure };
  }
}

function textOf({ json }: OpenMessage): string {
  return JSON.stringify(json);
}
