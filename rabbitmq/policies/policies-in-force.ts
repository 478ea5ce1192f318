import type { DeclaredPolicy, PolicyTarget } from '../definitions/definitions.ts';
import type { Problem } from '../definitions/finding.ts';
import { settingOfPolicy } from '../settings/settings.ts';
import { compilePattern, type Pattern, PatternError } from './pattern.ts';

export type PolicyOwner = 'classic' | 'quorum' | 'stream' | 'exchange';

/** Which policy applies to an object: at most one, the one of the highest priority (rule 4.9.1). */
export interface PolicyBook {
  policyFor(owner: PolicyOwner, vhost: string, name: string): DeclaredPolicy | undefined;
  /** What was found while compiling and looking up: patterns that cannot be evaluated, ties, policies that nothing matched. */
  problems(): Problem[];
}

const targets: Readonly<Record<PolicyTarget, readonly PolicyOwner[]>> = {
  all: ['classic', 'quorum', 'stream', 'exchange'],
  exchanges: ['exchange'],
  queues: ['classic', 'quorum', 'stream'],
  classic_queues: ['classic'],
  quorum_queues: ['quorum'],
  streams: ['stream'],
};

export function createPolicyBook(policies: readonly DeclaredPolicy[]): PolicyBook {
  const invalid: Problem[] = [];
  const compiled = policies.flatMap((policy) => {
    try {
      return [{ policy, pattern: compilePattern(policy.pattern) }];
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      invalid.push(patternProblem(policy, error));
      return [];
    }
  });
  // Rule 4.9.2 leaves a tie open; by name, it is the same choice each time.
  compiled.sort(
    ({ policy: one }, { policy: other }) => other.priority - one.priority || (one.name < other.name ? -1 : 1),
  );
  const matched = new Set<DeclaredPolicy>();
  const beaten = new Map<DeclaredPolicy, Problem>();

  return {
    policyFor(owner, vhost, name) {
      const matching = compiled.filter((one) => applies(one, owner, vhost, name)).map(({ policy }) => policy);
      const [winner, ...losers] = matching;
      for (const policy of matching) matched.add(policy);
      if (winner) for (const loser of losers) noteOnce(beaten, loser, beatenBy(winner, loser, name));
      return winner;
    },
    problems: () => [
      ...invalid,
      ...beaten.values(),
      ...compiled.filter(({ policy }) => !matched.has(policy)).map(({ policy }) => matchesNothing(policy)),
    ],
  };
}

/** The first object is example enough: a policy may match hundreds. */
function noteOnce(book: Map<DeclaredPolicy, Problem>, policy: DeclaredPolicy, problem: Problem | undefined): void {
  if (problem && !book.has(policy)) book.set(policy, problem);
}

function beatenBy(winner: DeclaredPolicy, loser: DeclaredPolicy, object: string): Problem | undefined {
  return winner.priority === loser.priority ? tie(winner, loser, object) : hidden(winner, loser, object);
}

function applies(
  { policy, pattern }: { policy: DeclaredPolicy; pattern: Pattern },
  owner: PolicyOwner,
  vhost: string,
  name: string,
): boolean {
  return policy.vhost === vhost && targets[policy.applyTo].includes(owner) && pattern.matches(name);
}

function patternProblem({ kind, name, path, pattern }: DeclaredPolicy, { message }: PatternError): Problem {
  return {
    class: 'blocking',
    code: 'policy-pattern',
    path: [...path, ...(kind === 'policy' ? [] : ['value']), 'pattern'],
    message: `the pattern ${JSON.stringify(pattern)} of ${kind} '${name}' cannot be evaluated as PCRE does: ${message}.`,
    fix: 'write it without that construct.',
  };
}

function tie(winner: DeclaredPolicy, loser: DeclaredPolicy, object: string): Problem {
  return {
    class: 'warning',
    code: 'policy-tie',
    path: loser.path,
    message: `'${winner.name}' and '${loser.name}' both match '${object}' with priority ${loser.priority}: RabbitMQ leaves open which applies (rule 4.9.2); here it is '${winner.name}', the first by name.`,
    fix: 'give one of them a higher priority.',
  };
}

/** Only worth a word when a key is lost that would change something: nothing of the lower one applies, not even what the winner does not set. */
function hidden(winner: DeclaredPolicy, loser: DeclaredPolicy, object: string): Problem | undefined {
  const lost = Object.keys(loser.definition).filter((key) => !Object.hasOwn(winner.definition, key) && matters(key));
  if (lost.length === 0) return undefined;
  return {
    class: 'warning',
    code: 'policy-hidden',
    path: loser.path,
    message: `'${winner.name}' has a higher priority and hides '${loser.name}' on '${object}' as a whole: ${lost.join(', ')} of it not in force (rule 4.9.1).`,
    fix: `repeat ${lost.join(', ')} in '${winner.name}'.`,
  };
}

/** Where brokers put a queue, or mirror it, has no meaning on SQS; a key nobody knows is a finding of its own. */
function matters(key: string): boolean {
  const meaning = settingOfPolicy(key)?.meaning;
  return meaning === 'honoured' || meaning?.class === 'warning';
}

function matchesNothing({ kind, name, path }: DeclaredPolicy): Problem {
  return {
    class: 'compatible',
    code: 'policy-matches-nothing',
    path,
    message: `the ${kind} '${name}' matches no object of this file.`,
    fix: 'remove it, or correct its pattern or apply-to.',
  };
}
