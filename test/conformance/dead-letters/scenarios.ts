import type { Scenario } from './scenario.ts';
import { cycleScenarios } from './scenarios/cycles.ts';
import { exchangeScenarios } from './scenarios/exchanges.ts';
import { expiryScenarios } from './scenarios/expiry.ts';
import { historyScenarios } from './scenarios/histories.ts';
import { keyScenarios } from './scenarios/keys.ts';
import { limitScenarios } from './scenarios/limits.ts';

export const scenarios: readonly Scenario[] = [
  ...keyScenarios,
  ...expiryScenarios,
  ...limitScenarios,
  ...exchangeScenarios,
  ...cycleScenarios,
  ...historyScenarios,
];
