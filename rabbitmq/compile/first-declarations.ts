import type { Definitions } from '../definitions/definitions.ts';
import type { Problem } from '../definitions/finding.ts';
import type { Path } from '../definitions/json-document.ts';

export interface FirstDeclarations {
  readonly definitions: Definitions;
  /** One for each that is left out. */
  readonly problems: readonly Problem[];
}

/**
 * One name twice in a vhost: which one counts differs between versions and runs (3.10.8 and 4.0.5 keep the first, 4.3.6 imports in
 * parallel). The first is kept, and nothing else is said of the others.
 */
export function firstDeclarations(definitions: Definitions): FirstDeclarations {
  const exchanges = split(definitions.exchanges);
  const queues = split(definitions.queues);
  const policies = split(definitions.policies);
  const again = [...exchanges.again, ...queues.again, ...policies.again];
  return {
    definitions: { ...definitions, exchanges: exchanges.first, queues: queues.first, policies: policies.first },
    problems: again.map(
      ({ path, name, vhost }): Problem => ({
        class: 'blocking',
        code: 'declared-twice',
        path,
        message: `'${name}' is declared more than once in vhost '${vhost}'.`,
        fix: 'keep one of them.',
      }),
    ),
  };
}

interface Named {
  readonly vhost: string;
  readonly name: string;
  readonly path: Path;
}

function split<Declared extends Named>(all: readonly Declared[]): { first: Declared[]; again: Declared[] } {
  const groups = [...Map.groupBy(all, ({ vhost, name }) => JSON.stringify([vhost, name])).values()];
  return { first: groups.flatMap(([one]) => one ?? []), again: groups.flatMap(([_, ...others]) => others) };
}
