import type { Problem } from '../definitions/finding.ts';
import { bindingArguments } from './binding-arguments.ts';
import { bindingKeys } from './binding-keys.ts';
import { deadLetterCycles } from './dead-letter-cycles.ts';
import { unboundDeadLetterExchanges, unmatchedDeadLetterKeys } from './dead-letters.ts';
import { defaultExchangeBindings, placeholders, predeclaredNames, undeclaredVhosts } from './declarations.ts';
import { bindingsDifferingInArguments, identicalBindings } from './duplicate-bindings.ts';
import {
  directAlternates,
  exchangesLeadingNowhere,
  unboundQueues,
  unreachableExchanges,
  unusedAlternates,
} from './exchanges.ts';
import { hashHeaders, hashWeights } from './hash-exchanges.ts';
import type { Lint, Model } from './model.ts';
import { overflowOfQuorumQueues } from './overflow.ts';
import { unanchoredPatterns } from './policy-patterns.ts';
import { danglingBindings, deadLetterTargets, missingAlternateExchanges } from './references.ts';

const lints: readonly Lint[] = [
  predeclaredNames,
  undeclaredVhosts,
  placeholders,
  defaultExchangeBindings,
  danglingBindings,
  missingAlternateExchanges,
  directAlternates,
  unusedAlternates,
  exchangesLeadingNowhere,
  unreachableExchanges,
  unboundQueues,
  identicalBindings,
  bindingsDifferingInArguments,
  bindingKeys,
  bindingArguments,
  hashWeights,
  hashHeaders,
  deadLetterTargets,
  unboundDeadLetterExchanges,
  unmatchedDeadLetterKeys,
  deadLetterCycles,
  overflowOfQuorumQueues,
  unanchoredPatterns,
];

/** Everything in a topology that RabbitMQ takes, or would take, and that hardly anybody means. */
export function lint(model: Model): Problem[] {
  return lints.flatMap((one) => one(model));
}
