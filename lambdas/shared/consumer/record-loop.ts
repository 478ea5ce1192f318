import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from '@aws-lambda-powertools/batch';
import type { Context, SQSRecord } from 'aws-lambda';
import { deadlineOf, settlementDeadlineOf } from '../deadline.ts';
import { noPartition, type PartitionGuard } from '../partitions/partition-guard.ts';
import type { Log } from '../telemetry/telemetry.ts';
import { type Attempt, startAttempt } from './attempt.ts';
import type { Circuit, ProbeAnswer, ProbeEvent } from './circuit.ts';
import type { Consumer, Delivery } from './consumer.ts';
import { createDeliveryReader, type DeliveryReaderDeps } from './delivery-reader.ts';
import { PastItsTurnError } from './errors.ts';
import type { Failures } from './failures.ts';
import type { IdempotencyGuard } from './idempotency.ts';
import { createSettlement, type Receipts, type SettlementDeps } from './settlement.ts';
import { isSuspicious, removeNow, turned } from './suspicious-batch.ts';

export interface RecordLoopDeps extends DeliveryReaderDeps, SettlementDeps {
  readonly idempotency: IdempotencyGuard;
  readonly failures: Failures;
  readonly receipts: Receipts;
  readonly circuit: Circuit;
  /** Of a queue that is a partition. Default: it is none. */
  readonly partition?: PartitionGuard | undefined;
  readonly log: Log;
}

/** The share of a function's time in which no record is started: killed in the middle, it would take its whole batch with it. */
const reserved = 0.2;

/**
 * The Lambda handler of a consumer. Each record by itself: read → once per business key → ack (the record is left out of the answer), retry (it
 * is reported as a batch item failure and hidden for the retry delay) or the end (it is rejected, expired or over its delivery limit: buried,
 * then acked). Of a FIFO queue, what is behind a record that will be retried waits with it, and other groups go on. Throws when a consumer with
 * automatic acknowledgement is made for a FIFO queue.
 */
export function createRecordLoop<Body>(consumer: Consumer<Body>, deps: RecordLoopDeps) {
  const isFifo = deps.queue.singleActiveConsumer === true;
  // A message that has left its group lets the next one go to another instance, before its own work is done.
  if (isFifo && consumer.autoAck)
    throw new Error(`'${consumer.queue}' is a FIFO queue, and autoAck does not keep its order`);
  const reader = createDeliveryReader(consumer, deps);
  const settlement = createSettlement(deps);
  const partition = deps.partition ?? noPartition;

  let isLate: () => boolean = () => false;
  let deadline: AbortSignal | undefined;
  let settlementDeadline: AbortSignal | undefined;
  let begun = new Set<string>();
  let mayCrash = false;

  async function handleRecord(record: SQSRecord): Promise<void> {
    begun.add(record.messageId);
    const attempt = startAttempt(record, consumer.queue, deps.log);
    if (isLate()) return await settlement.postpone(attempt, 'late', settlementDeadline);
    if (deps.circuit.isOpen()) return await settlement.postpone(attempt, 'circuit', settlementDeadline);
    const turn = await turnOf(attempt);
    if (turn !== 'none') await handleInTurn(attempt, turn);
  }

  async function handleInTurn(attempt: Attempt, turn: 'go' | 'past'): Promise<void> {
    try {
      if (turn === 'past') throw await pastItsTurn(attempt);
      const ran = await takeOnce(attempt);
      await settlement.ack(attempt, ran ? 'ack' : 'duplicate');
    } catch (error) {
      if (await deps.circuit.failed(attempt, error)) await settlement.postpone(attempt, 'circuit', settlementDeadline);
      else await settlement.fail(attempt, error, settlementDeadline);
    }
    if (mayCrash) await removeNow(attempt, deps.receipts, deadline);
  }

  /** `none`: it is a marker, and done with. Throws what a record goes back for whose turn it is not, or cannot be told. */
  async function turnOf(attempt: Attempt): Promise<'go' | 'past' | 'none'> {
    const turn = await partition
      .judge(attempt.record)
      .catch((error) => settlement.fail(attempt, error, settlementDeadline));
    if (turn === 'go' || turn === 'past') return turn;
    if (turn === 'held') await settlement.postpone(attempt, 'partition', settlementDeadline);
    return 'none';
  }

  async function pastItsTurn(attempt: Attempt): Promise<Error> {
    await reader.read(attempt);
    return new PastItsTurnError(consumer.queue);
  }

  /** False for a repeat: its effect is there already. */
  async function takeOnce(attempt: Attempt): Promise<boolean> {
    const body = await reader.read(attempt);
    const key = { businessKey: consumer.businessKey(body), comparable: consumer.comparable(body) };
    attempt.businessKey = key.businessKey;
    return await deps.idempotency.once(key, async () => {
      await handle(attempt, await reader.deliver(attempt, body, deadline));
    });
  }

  async function handle(attempt: Attempt, delivery: Delivery<Body>): Promise<void> {
    if (consumer.autoAck) {
      await deps.receipts.remove(attempt.record, deadline);
      attempt.hasLeft = true;
    }
    try {
      await consumer.handle(delivery);
      deps.circuit.succeeded();
    } catch (error) {
      attempt.hasFailed = true;
      throw error;
    }
  }

  /** SQS hands out nothing of a group while one of it is hidden: what was passed over may be seen again at once, its order holds. */
  async function releaseBehind(records: readonly SQSRecord[]): Promise<void> {
    for (const record of records.filter(({ messageId }) => !begun.has(messageId))) {
      settlement.count('behind');
      await deps.receipts.hide(record, 0, settlementDeadline);
    }
  }

  return async (event: ProbeEvent, context: Context): Promise<ProbeAnswer> => {
    await deps.circuit.startInvocation(event, context);
    deps.idempotency.startInvocation(context);
    partition.startInvocation(event);
    const reserve = context.getRemainingTimeInMillis() * reserved;
    // With no time left at all too: Powertools takes 0 for unknown, and locks without an end (pitfall P2).
    isLate = () => context.getRemainingTimeInMillis() <= reserve;
    deadline = deadlineOf(context);
    settlementDeadline = settlementDeadlineOf(context);
    begun = new Set();
    mayCrash = !isFifo && isSuspicious(event);
    const options = { context, throwOnFullBatchFailure: false };
    if (!isFifo) {
      // One after another: the same business key twice in one batch is then a plain duplicate (Powertools pitfall P15).
      const oneByOne = { ...options, processInParallel: false };
      const inOrder = mayCrash ? turned(event) : event;
      const answer = await processPartialResponse(inOrder, handleRecord, new BatchProcessor(EventType.SQS), oneByOne);
      return deps.circuit.answer(answer);
    }
    const byGroup = { ...options, skipGroupOnError: true };
    const answer = await processPartialResponse(event, handleRecord, new SqsFifoPartialProcessorAsync(), byGroup);
    await releaseBehind(event.Records);
    return deps.circuit.answer(answer);
  };
}
