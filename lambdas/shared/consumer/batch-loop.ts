import type { Context, SQSRecord } from 'aws-lambda';
import pMap from 'p-map';
import { deadlineOf, settlementDeadlineOf } from '../deadline.ts';
import type { Log } from '../telemetry/telemetry.ts';
import { type Attempt, startAttempt } from './attempt.ts';
import type { Circuit, ProbeAnswer, ProbeEvent } from './circuit.ts';
import type { BatchConsumer, Delivery, Verdict } from './consumer.ts';
import { createDeliveryReader, type DeliveryReaderDeps } from './delivery-reader.ts';
import { asError } from './errors.ts';
import type { Failures } from './failures.ts';
import { createSettlement, type Receipts, type SettlementDeps } from './settlement.ts';
import { isSuspicious, removeNow, turned } from './suspicious-batch.ts';

export interface BatchLoopDeps extends DeliveryReaderDeps, SettlementDeps {
  readonly failures: Failures;
  readonly receipts: Receipts;
  readonly circuit: Circuit;
  readonly log: Log;
}

/** Records at a time that are read, or whose end is made: bounds sockets. */
const parallelRecords = 8;

interface Readable<Body> {
  readonly attempt: Attempt;
  readonly delivery: Delivery<Body>;
}

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

  return async (event: ProbeEvent, context: Context): Promise<ProbeAnswer> => {
    await deps.circuit.startInvocation(event, context);
    const deadline = deadlineOf(context);
    const settlementDeadline = settlementDeadlineOf(context);
    const mayCrash = isSuspicious(event);
    const back: SQSRecord[] = [];
    const settle = async (attempt: Attempt, error: unknown, isCounted = false): Promise<void> => {
      try {
        if (await deps.circuit.failed(attempt, error, { isCounted }))
          await settlement.postpone(attempt, 'circuit', settlementDeadline);
        else await settlement.fail(attempt, error, settlementDeadline);
      } catch {
        back.push(attempt.record);
      }
    };

    async function handleAll(some: readonly Readable<Body>[]): Promise<void> {
      const verdicts = await verdictsOf(
        consumer,
        some.map(({ delivery }) => delivery),
      );
      const firstFailed = verdicts.findIndex((verdict) => verdict !== undefined);
      await pMap(some.entries(), ([at, { attempt }]) => end(attempt, verdicts[at], at !== firstFailed), {
        concurrency: parallelRecords,
      });
    }

    async function end(attempt: Attempt, verdict: Verdict, isCounted: boolean): Promise<void> {
      if (!verdict) {
        deps.circuit.succeeded();
        await settlement.ack(attempt, 'ack');
      } else {
        attempt.hasFailed = true;
        await settle(attempt, verdict, isCounted);
      }
      if (mayCrash && !back.includes(attempt.record)) await removeNow(attempt, deps.receipts, deadline);
    }

    const read = await pMap(
      (mayCrash ? turned(event) : event).Records,
      async (record) => {
        const attempt = startAttempt(record, consumer.queue, deps.log);
        if (deps.circuit.isOpen()) {
          await settlement.postpone(attempt, 'circuit', settlementDeadline).catch(() => back.push(record));
          return [];
        }
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
    const together = mayCrash ? readable.map((one) => [one]) : [readable];
    for (const some of together) await handleAll(some);
    return deps.circuit.answer({ batchItemFailures: back.map(({ messageId }) => ({ itemIdentifier: messageId })) });
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
    return deliveries.map(() => asError(error));
  }
}
