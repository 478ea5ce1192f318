import type { Problem } from '../definitions/finding.ts';
import {
  declaredTwice,
  defaultExchangeBindings,
  placeholders,
  predeclaredNames,
  undeclaredVhosts,
} from './declarations.ts';
import type { Lint, Model } from './model.ts';
import { danglingBindings, deadLetterTargets, missingAlternateExchanges } from './references.ts';

const lints: readonly Lint[] = [
  predeclaredNames,
  declaredTwice,
  undeclaredVhosts,
  placeholders,
  defaultExchangeBindings,
  danglingBindings,
  missingAlternateExchanges,
  deadLetterTargets,
];

/** Everything in a topology that RabbitMQ takes, or would take, and that hardly anybody means. */
export function lint(model: Model): Problem[] {
  return lints.flatMap((one) => one(model));
}
