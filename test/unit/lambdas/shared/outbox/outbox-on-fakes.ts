import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { createHandler } from '../../../../../lambdas/outbox-relay/handler.ts';
import { createHandler as createSweep } from '../../../../../lambdas/outbox-sweep/handler.ts';
import type { Publisher } from '../../../../../lambdas/shared/broker/broker.ts';
import type { QueueSender } from '../../../../../lambdas/shared/broker/queue-sender.ts';
import type { OutboxRow } from '../../../../../lambdas/shared/outbox/outbox-row.ts';
import { createRelay } from '../../../../../lambdas/shared/outbox/relay.ts';
import { CountingMeter, lambdaContext, now, silentLog } from '../../builders.ts';
import { brokerOn } from '../broker/broker-on-fakes.ts';
import { MemoryExceptions, MemoryHolds, MemoryRows } from './memory-outbox.ts';

/** A batch of the outbox table's stream. */
export function streamOf(...rows: readonly object[]): DynamoDBStreamEvent {
  const records = rows.map((one, at) => ({
    eventName: 'INSERT',
    dynamodb: {
      SequenceNumber: `${at}`,
      NewImage: marshall(one, { removeUndefinedValues: true }) as Record<string, AttributeValue>,
    },
  }));
  return { Records: records } as DynamoDBStreamEvent;
}

/** Relay and sweep over one table in memory, on the topology `shop`. The time is what `clock` says, the rows' own to begin with. */
export function outboxOn(sender: QueueSender, rows: readonly OutboxRow[], publisher: Publisher = brokerOn(sender)) {
  const clock = { now: now.getTime() };
  const time = () => new Date(clock.now);
  const chance = { next: () => 0 };
  const table = new MemoryRows(...rows);
  const holds = new MemoryHolds(time);
  const exceptions = new MemoryExceptions();
  const meter = new CountingMeter();
  const relay = createRelay({ publisher, marks: table, exceptions, now: time, log: silentLog, meter });
  const handler = createHandler({ relay, reader: table, holds, meter });
  const sweep = createSweep({
    relay,
    reader: table,
    holds,
    undelivered: { before: async (limit) => table.pendingBefore(limit) },
    overdueAfterMs: 900_000,
    giveUpAfterMs: 600_000,
    random: () => chance.next(),
    now: time,
    log: silentLog,
    meter,
  });
  return {
    /** What decides in which order the sweep works. */
    chance,
    table,
    holds,
    exceptions,
    meter,
    handler,
    stream: (...batch: readonly object[]) => handler(streamOf(...batch), lambdaContext()),
    sweep: (remainingMs = 50_000) => sweep({}, lambdaContext(remainingMs)),
    minutesLater: (minutes: number): void => {
      clock.now += minutes * 60_000;
    },
  };
}
