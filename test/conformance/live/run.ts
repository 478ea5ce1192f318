import { type Dialect, defaultDialect, dialectOfVersion, dialectRules } from '../../../rabbitmq/dialect.ts';
import type { Broker } from './case.ts';
import type { Change } from './change.ts';
import { type Comparison, compare, type Difference, isAlike } from './compare.ts';
import type { Vocabulary } from './generate/definitions.ts';
import { generateRound } from './generate/round.ts';
import { knownDifferencesOf } from './known-differences.ts';
import { createPredict, type Predict } from './predict.ts';
import { type Case, shrink } from './shrink.ts';

export const messagesPerRound = 500;
/** One declares while the other publishes. */
const roundsAtOnce = 2;

export interface RunOptions {
  readonly seed: number;
  readonly messages: number;
  /** Just this round; absent: as many as the messages need. */
  readonly round?: number | undefined;
  /** Planted faults. */
  readonly plants?: readonly Change[] | undefined;
  readonly onProgress?: ((compared: number) => void) | undefined;
}

export interface RunResult {
  readonly version: string;
  readonly dialect: Dialect;
  readonly compared: number;
  readonly choices: number;
  readonly sameChoices: number;
  readonly found?: Found | undefined;
}

/** The first difference. */
export interface Found {
  readonly round: number;
  /** How many messages of the round differed. */
  readonly differences: number;
  readonly smallest: Case & Comparison;
}

/** Compares a broker with Warren round by round, up to the first round with a difference, which it shrinks. */
export async function run(
  broker: Broker,
  { seed, messages, round, plants = [], onProgress }: RunOptions,
): Promise<RunResult> {
  const dialect = dialectOfVersion(broker.version) ?? defaultDialect;
  const changes = [...knownDifferencesOf(broker.version), ...plants];
  const rounds = round === undefined ? Math.ceil(messages / messagesPerRound) : round + 1;
  let next = round ?? 0;
  let failed: (Pick<Found, 'round' | 'differences'> & { readonly smallest: Promise<Case & Comparison> }) | undefined;
  const total = { compared: 0, choices: 0, sameChoices: 0 };

  async function runNext(): Promise<void> {
    while (next < rounds && !failed) {
      const at = next++;
      const generated = generateRound(seed, at, messagesPerRound, vocabularyOf(broker, dialect));
      const comparison = await compareWith(broker, predictor(dialect, changes), generated);
      total.compared += comparison.compared;
      total.choices += comparison.choices;
      total.sameChoices += comparison.sameChoices;
      onProgress?.(total.compared);
      const [first] = comparison.differences;
      if (!first || failed) continue;
      const smallest = shrinkWith(broker, predictor(dialect, changes), generated, first);
      failed = { round: at, differences: comparison.differences.length, smallest };
      await smallest;
    }
  }

  await Promise.all(Array.from({ length: roundsAtOnce }, runNext));
  const found = failed && { ...failed, smallest: await failed.smallest };
  return { version: broker.version, dialect, ...total, found };
}

function vocabularyOf({ exchangeTypes }: Broker, dialect: Dialect): Vocabulary {
  return { exchangeTypes, maxHashWords: dialectRules[dialect].maxHashWords ?? 3 };
}

type Predictor = (candidate: Case) => Predict;

function predictor(dialect: Dialect, changes: readonly Change[]): Predictor {
  return ({ definitions }) => createPredict(definitions, dialect, changes);
}

async function compareWith(broker: Broker, predict: Predictor, candidate: Case): Promise<Comparison> {
  const outcomes = await broker.publishAll(candidate.definitions, candidate.messages);
  return compare(predict(candidate), candidate.messages, outcomes);
}

async function shrinkWith(
  broker: Broker,
  predict: Predictor,
  failing: Case,
  suspect: Difference,
): Promise<Case & Comparison> {
  const smallest = await shrink(failing, suspect.message, async (candidate) => {
    // What the broker refuses to declare shows nothing.
    const comparison = await compareWith(broker, predict, candidate).catch(() => undefined);
    return comparison?.differences.some((difference) => isAlike(difference, suspect)) === true;
  });
  return { ...smallest, ...(await compareWith(broker, predict, smallest)) };
}
