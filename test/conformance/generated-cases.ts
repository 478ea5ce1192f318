import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { recordedFolder } from './definitions-files.ts';
import type { Outcome } from './live/case.ts';
import { generateRound, type Round } from './live/generate/round.ts';

/** What every recorded version has and takes, so that all answer the same questions. */
const words = {
  exchangeTypes: ['direct', 'fanout', 'topic', 'headers', 'x-consistent-hash'],
  maxHashWords: 2,
} as const;
const seed = 20261124;
const rounds = 40;
const messagesEach = 15;

export const generatedCasesFile = path.join(recordedFolder, 'generated-cases.json');

/** What the live run generates, some of it: to be recorded, and to be replayed without a broker. */
export function generateCases(): readonly Round[] {
  return Array.from({ length: rounds }, (_, at) => generateRound(seed, at, messagesEach, words));
}

export function readGeneratedCases(): { readonly cases: readonly Round[]; readonly digest: string } {
  const text = readFileSync(generatedCasesFile, 'utf8');
  return { cases: JSON.parse(text), digest: digestOf(text) };
}

/** Answers belong to the cases of this digest only. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

export interface GeneratedRecording {
  readonly rabbitmq_version: string;
  /** Digest of the cases. */
  readonly cases: string;
  /** Of each round, an answer for each message. */
  readonly answers: readonly (readonly Answer[])[];
}

/** A reply code; or the confirm, `returned` if so, and the queues: `ack q0 q1`. Of the queues generated, none has a blank in its name. */
export type Answer = number | string;

export function answerOf(outcome: Outcome): Answer {
  if ('error' in outcome) return outcome.error;
  return [outcome.confirm, ...(outcome.returned ? ['returned'] : []), ...outcome.queues].join(' ');
}

export function outcomeOf(answer: Answer): Outcome {
  if (typeof answer === 'number') return { error: answer };
  const [confirm, ...rest] = answer.split(' ');
  const returned = rest[0] === 'returned';
  return { queues: returned ? rest.slice(1) : rest, returned, confirm: confirm === 'nack' ? 'nack' : 'ack' };
}
