import { circuitsContract } from '../../../../contracts/dynamodb/circuits.ts';
import { MemoryCircuits } from './memory-circuits.ts';

circuitsContract(() => new MemoryCircuits());
