import { failuresContract } from '../../../../contracts/dynamodb/failures.ts';
import { MemoryFailures } from './record-loop-on-fakes.ts';

/** The failures that other tests count by do as those in DynamoDB do. */
const failures = new MemoryFailures();
failuresContract(() => failures);
