import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import pMap from 'p-map';
import { deadlineOf } from '../deadline.ts';
import type { Log } from '../telemetry/telemetry.ts';
import { type Attempt, startAttempt } from './attempt.ts';
import type { BatchConsumer, Delivery, Verdict } from './consumer.ts';
import { createDeliveryReader, type DeliveryReaderDeps } from './delivery-reader.ts';
import type { Failures } from './failures.ts';
import { createSettlement, type SettlementDeps } from './settlement.ts';

export interface BatchLoopDeps extends DeliveryReaderDeps, SettlementDeps {
  readonly failures: Failures;
  readonly log: Log;
}

/** Records at a time that are read, or whose end is made: bounds sockets. */
const parallelRecords = 8;

/**
 * The Lambda handler of a `BatchConsumer`: all records are read, what can be read is handled together, and then each of them ends by its own
 * verdict as it would in the record loop. Throws when it is made for a FIFO queue.
 */
export function createBatchLoop<Body>(consumer: BatchConsumer<Body>, deps: BatchLoopDeps) {
  if (deps.queue.singleActiveConsumer) {
    throw new Error(
      `'${consumer.queue}' is a FIFO queue, and a batch that is handled together does not keep its order`,
    );
  }
  const reader = createDeliveryReader(consumer, deps);
  const settlement = createSettlement(deps);

  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const deadline = deadlineOf(context);
    const back: SQSRecord[] = [];
    const settle = async (attempt: Attempt, error: unknown): Promise<void> => {
      await settlement.fail(attempt, error, deadline).catch(() => back.push(attempt.record));
    };

    const read = await pMap(
      event.Records,
      async (record) => {
        const attempt = startAttempt(record, consumer.queue, deps.log);
        try {
          const body = await reader.read(attempt);
          return [{ attempt, delivery: await reader.deliver(attempt, body, deadline) }];
        } catch (error) {
          await settle(attempt, error);
          return [];
        }
      },
      { concurrency: parallelRecords },
    );
    const readable = read.flat();
    const verdicts = await verdictsOf(
      consumer,
      readable.map(({ delivery }) => delivery),
    );
    await pMap(
      readable.entries(),
      async ([at, { attempt }]) => {
        const verdict = verdicts[at];
        if (!verdict) return await settlement.ack(attempt, 'ack');
        attempt.hasFailed = true;
        await settle(attempt, verdict);
      },
      { concurrency: parallelRecords },
    );
    return { batchItemFailures: back.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

async function verdictsOf<Body>(
  { handleAll }: BatchConsumer<Body>,
  deliveries: readonly Delivery<Body>[],
): Promise<readonly Verdict[]> {
  if (deliveries.length === 0) return [];
  try {
    const verdicts = await handleAll(deliveries);
    if (verdicts.length === deliveries.length) return verdicts;
    throw new Error(`${verdicts.length} verdicts for ${deliveries.length} deliveries`);
  } catch (error) {
    return deliveries.map(() => (error instanceof Error ? error : new Error(String(error))));
  }
}
