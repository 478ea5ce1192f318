import { holdsContract } from '../../../../contracts/dynamodb/holds.ts';
import { MemoryHolds } from './memory-outbox.ts';

/** The holds that other tests are told by do as those in DynamoDB do. */
holdsContract((now) => new MemoryHolds(now));
