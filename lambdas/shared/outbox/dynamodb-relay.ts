import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Publisher } from '../broker/broker.ts';
import { createDynamoDbExceptions } from '../exceptions/dynamodb-exceptions.ts';
import { exceptionsTable } from '../exceptions/env.ts';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import { createDynamoDbHolds } from './dynamodb-holds.ts';
import { createDynamoDbRowMarks } from './dynamodb-row-marks.ts';
import { createDynamoDbRowReader } from './dynamodb-row-reader.ts';
import type { RelayEnv } from './env.ts';
import type { HoldsForRelay, HoldsForSweep } from './holds.ts';
import { createRelay, type Relay } from './relay.ts';
import type { RowReader } from './stored-row.ts';

export interface DynamoDbRelayDeps {
  readonly env: RelayEnv;
  readonly publisher: Publisher;
  readonly documents: DynamoDBDocumentClient;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

/** What the relay and the sweep have in common: one way to deliver a row, and to say who waits. */
export interface DynamoDbRelay {
  readonly relay: Relay;
  readonly reader: RowReader;
  readonly holds: HoldsForRelay & HoldsForSweep;
}

export function createDynamoDbRelay({ env, publisher, documents, now, log, meter }: DynamoDbRelayDeps): DynamoDbRelay {
  const patience = { maxAttempts: 5, sleep };
  return {
    reader: createDynamoDbRowReader(documents, { table: env.OUTBOX_TABLE, ...patience }),
    holds: createDynamoDbHolds(documents, { table: env.OUTBOX_HOLDS_TABLE, now, ...patience }),
    relay: createRelay({
      publisher,
      marks: createDynamoDbRowMarks(documents, { table: env.OUTBOX_TABLE, keepSeconds: env.OUTBOX_KEEP_SECONDS, now }),
      exceptions: createDynamoDbExceptions(documents, { ...exceptionsTable(env), now, log, meter }),
      now,
      log,
      meter,
    }),
  };
}
