import type { Problem } from '../definitions/finding.ts';
import { type Dialect, dialectRules } from '../dialect.ts';
import type { ExchangeType } from '../topology.ts';
import type { Lint } from './model.ts';

interface BindingKey {
  readonly bindingKey: string;
  readonly words: readonly string[];
  readonly source: string;
  readonly dialect: Dialect;
}

type KeyProblem = Omit<Problem, 'path'>;
type KeyLint = (key: BindingKey) => KeyProblem[];

const lintsByType: Partial<Record<ExchangeType, readonly KeyLint[]>> = {
  topic: [tooManyHashes, adjacentHashes, literalWildcards],
  direct: [wildcardOnDirect],
  fanout: [wildcardOnFanout],
};

/** Keys that mean something else than they seem to, or that not every version takes. */
export const bindingKeys: Lint = ({ definitions, topology: { dialect }, exchange }) =>
  definitions.bindings.flatMap(({ vhost, source, bindingKey, path }) => {
    const type = exchange(vhost, source)?.type;
    const lints = (type && lintsByType[type]) ?? [];
    const key = { bindingKey, words: bindingKey.split('.'), source, dialect };
    return lints.flatMap((one) => one(key)).map((problem) => ({ ...problem, path: [...path, 'routing_key'] }));
  });

/** The most `#` that RabbitMQ 4.3 takes; older dialects have no limit. */
const most = dialectRules['4.3'].maxHashWords ?? 0;

function tooManyHashes({ bindingKey, words, dialect }: BindingKey): KeyProblem[] {
  if (words.filter((word) => word === '#').length <= most) return [];
  const refused = dialectRules[dialect].maxHashWords !== undefined;
  return [
    {
      class: refused ? 'warning' : 'compatible',
      code: 'too-many-hash-words',
      message: `'${bindingKey}' has more than ${most} '#': RabbitMQ refuses to bind with it since 4.3.5, and keeps routing by bindings from before (rule 4.1.10), as is done here.`,
      fix: `write it with at most ${most} '#'.`,
    },
  ];
}

function adjacentHashes({ bindingKey, words }: BindingKey): KeyProblem[] {
  const shorter = words.filter((word, at) => word !== '#' || words[at - 1] !== '#').join('.');
  if (shorter === bindingKey) return [];
  return [
    {
      class: 'compatible',
      code: 'adjacent-hash-words',
      message: `'${bindingKey}' matches what '${shorter}' does (rule 4.1.11).`,
      fix: `write '${shorter}'.`,
    },
  ];
}

function literalWildcards({ bindingKey, words }: BindingKey): KeyProblem[] {
  const word = words.find((one) => one.length > 1 && /[*#]/.test(one));
  if (word === undefined) return [];
  return [
    {
      class: 'warning',
      code: 'wildcard-inside-word',
      message: `in '${word}' of '${bindingKey}' the wildcard is text: only a whole word is one (rule 4.1.4).`,
      fix: 'put a dot between, or write the words out.',
    },
  ];
}

function wildcardOnDirect({ bindingKey, source }: BindingKey): KeyProblem[] {
  if (!hasWildcard(bindingKey)) return [];
  return [
    {
      class: 'warning',
      code: 'wildcard-on-direct',
      message: `'${source}' is direct: '${bindingKey}' matches that very key and no other (rule 4.3.1).`,
      fix: `make '${source}' a topic exchange, or bind each key.`,
    },
  ];
}

function wildcardOnFanout({ bindingKey, source }: BindingKey): KeyProblem[] {
  if (!hasWildcard(bindingKey)) return [];
  return [
    {
      class: 'compatible',
      code: 'wildcard-on-fanout',
      message: `'${source}' is fanout: it passes over '${bindingKey}' and every other key (rule 4.3.2).`,
      fix: 'none.',
    },
  ];
}

/** A wildcard is a whole word (rule 4.1.4). */
export function hasWildcard(bindingKey: string): boolean {
  return bindingKey.split('.').some((word) => word === '*' || word === '#');
}
