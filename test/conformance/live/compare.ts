import type { Outcome, Publish } from './case.ts';
import type { Choice, Predict, Prediction } from './predict.ts';

export interface Difference {
  readonly message: Publish;
  readonly prediction: Prediction;
  readonly observed: Outcome;
  readonly reason: string;
}

export interface Comparison {
  readonly compared: number;
  readonly differences: readonly Difference[];
  /** Messages a hashing exchange had a choice for, and of these those for which Warren chose as the broker did. */
  readonly choices: number;
  readonly sameChoices: number;
}

/** Holds what became of each message against what is promised for it, and the choices of hashing exchanges against each other. */
export function compare(predict: Predict, messages: readonly Publish[], outcomes: readonly Outcome[]): Comparison {
  const differences: Difference[] = [];
  const possible = new Map<string, ReadonlySet<string>>();
  let choices = 0;
  let sameChoices = 0;

  messages.forEach((message, at) => {
    const observed = outcomes[at];
    if (!observed) throw new Error(`the broker said nothing about message ${at}`);
    const prediction = predict(message);
    const fitting = prediction.alternatives.filter(({ outcome }) => isSame(outcome, observed));
    const choosable = new Set(prediction.alternatives.map(({ outcome }) => JSON.stringify(outcome))).size > 1;
    if (choosable) choices++;
    if (choosable && isSame(prediction.decision, observed)) sameChoices++;
    const reason =
      reasonOf(prediction, fitting.length, observed) ??
      conflictOf(
        possible,
        fitting.map((alternative) => alternative.choices),
      );
    if (reason !== undefined) differences.push({ message, prediction, observed, reason });
  });
  return { compared: messages.length, differences, choices, sameChoices };
}

function reasonOf({ decision, alternatives }: Prediction, fitting: number, observed: Outcome): string | undefined {
  if (fitting === 0) return 'the broker did otherwise';
  const promised = alternatives.some(({ outcome }) => 'error' in outcome || isSame(outcome, decision));
  if (!promised) return 'Warren chooses what is not promised';
  const exact = alternatives.every(({ choices }) => choices.every((choice) => choice.exact));
  return exact && !isSame(decision, observed) ? 'the broker chose another destination' : undefined;
}

/**
 * Narrows down where each value of each exchange may go; a value that has no place left went to two. With two choosers on one way
 * this sees less than there is to see, and never a conflict that is none.
 */
function conflictOf(
  possible: Map<string, ReadonlySet<string>>,
  fitting: readonly (readonly Choice[])[],
): string | undefined {
  const byValue = Map.groupBy(
    fitting.flat().filter(({ hashed }) => hashed !== undefined),
    ({ exchange, hashed }) => JSON.stringify([exchange, hashed]),
  );
  for (const [value, choices] of byValue) {
    // An alternative that never comes to the exchange says nothing about it.
    if (!fitting.every((one) => one.some((choice) => JSON.stringify([choice.exchange, choice.hashed]) === value))) {
      continue;
    }
    const now = new Set(choices.map(({ destination }) => destination));
    const before = possible.get(value) ?? now;
    const left = new Set([...now].filter((destination) => before.has(destination)));
    if (left.size === 0) return `exchange and hashed value ${value} went to one destination, then to another`;
    possible.set(value, left);
  }
  return undefined;
}

/** Lest shrinking one difference ends at another. */
export function isAlike(one: Difference, other: Difference): boolean {
  const kindOf = ({ prediction: { decision }, observed }: Difference) =>
    [decision, observed].map((outcome) => ('error' in outcome ? outcome.error : 'routed')).join();
  return kindOf(one) === kindOf(other);
}

function isSame(one: Outcome, other: Outcome): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
