import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { scenarios as deadLetters } from '../dead-letters/scenarios.ts';
import { rulesCompared as comparedLive } from '../live/rules-compared.ts';
import { rulesCompared as recorded } from '../recorded-rules.ts';
import { rulesIn, withoutCitations } from './citations.ts';
import { type Citation, citedRules } from './cited-rules.ts';

const root = path.join(import.meta.dirname, '../../..');

/** Two runs compare whatever comes up with what a broker said; which rules that can be, they list themselves. */
const comparisons: readonly Citation[] = [
  { rules: recorded, file: 'test/conformance/routing.test.ts', title: 'RabbitMQ, recorded' },
  { rules: comparedLive, file: 'test/conformance/live/main.ts', title: 'live comparison' },
];

/** Scenarios say themselves which rules they are about; each is a test with recorded brokers. */
const letters: readonly Citation[] = deadLetters.map(({ name }) => ({
  rules: rulesIn(name),
  file: 'test/conformance/dead-letters/dead-letters.test.ts',
  title: withoutCitations(name),
}));

/** Everything that holds a rule: the tests that cite it, then the comparisons with brokers. */
export function evidence(): Citation[] {
  const files = globSync('test/**/*.test.ts', { cwd: root }).map((file) => file.split(path.sep).join('/'));
  const own = 'test/conformance/ledger/';
  const cited = files
    .filter((file) => !file.startsWith(own))
    .sort()
    .flatMap((file) => citedRules(file, readFileSync(path.join(root, file), 'utf8')));
  return [...cited, ...letters, ...comparisons];
}

/** Whether it runs without a broker and without a deployed stack: in every check of a change. */
export function runsAlways({ file }: Citation): boolean {
  return file.endsWith('.test.ts') && !file.startsWith('test/integration/');
}
