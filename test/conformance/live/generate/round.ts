import * as fc from 'fast-check';
import type { Definitions, Publish } from '../case.ts';
import { anyDefinitions, type Vocabulary } from './definitions.ts';
import { anyMessage } from './messages.ts';

export interface Round {
  readonly definitions: Definitions;
  readonly messages: readonly Publish[];
}

/** Round `at` of the run with that seed: the same for the same vocabulary, whatever broker it is for. */
export function generateRound(seed: number, at: number, messages: number, words: Vocabulary): Round {
  // Neighbouring seeds of one run must not be those of the next run's rounds.
  const roundSeed = (Math.imul(seed, 0x9e3779b1) + Math.imul(at, 0x85ebca6b)) | 0;
  const definitions = sample(anyDefinitions(words), roundSeed, 1)[0];
  if (!definitions) throw new Error('fast-check sampled nothing');
  return { definitions, messages: sample(anyMessage(definitions), roundSeed + 1, messages) };
}

/** Without fast-check's bias towards small values: the generators weigh them themselves. */
function sample<T>(arbitrary: fc.Arbitrary<T>, seed: number, numRuns: number): T[] {
  return fc.sample(fc.noBias(arbitrary), { seed, numRuns });
}
