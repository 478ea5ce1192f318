import { createSqsConsumer, type SqsConsumerDeps } from '../shared/consumer/sqs-consumer.ts';
import { createLedgerConsumer } from './ledger-consumer.ts';
import type { LedgerStore } from './ledger-store.ts';

export interface HandlerDeps extends SqsConsumerDeps {
  readonly store: LedgerStore;
}

export function createHandler(deps: HandlerDeps) {
  return createSqsConsumer(createLedgerConsumer(deps.store), deps);
}
