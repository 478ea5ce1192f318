import { routingTerm } from '../amqp-value.ts';
import type { Headers, HeaderValue } from '../message.ts';
import type { Binding } from '../topology.ts';
import type { Matcher } from './matcher.ts';

/** What one argument asks of the header of its name: to be there (`term` is undefined, rule 4.2.4), or to be equal. */
interface Condition {
  readonly header: string;
  readonly term: string | undefined;
}

interface Candidate {
  readonly binding: Binding;
  /** What has to hold besides the condition the candidate was found by. */
  readonly rest: readonly Condition[];
}

interface Candidates {
  readonly present: Candidate[];
  readonly byTerm: Map<string, Candidate[]>;
}

/**
 * Rules 4.2 (rabbit_exchange_type_headers.erl). `any` is found by each of its conditions, `all` by the one that fewest bindings of
 * this exchange share, so that a message is compared with few bindings, not with all of them.
 */
export function headersMatcher(bindings: readonly Binding[]): Matcher {
  const asked = bindings.map((binding) => ({ binding, any: matchesAny(binding), conditions: conditionsOf(binding) }));
  const always = asked.filter(({ any, conditions }) => !any && conditions.length === 0).map(({ binding }) => binding);
  const shared = Map.groupBy(
    asked.flatMap(({ conditions }) => conditions),
    idOf,
  );
  const sharers = (condition: Condition): number => shared.get(idOf(condition))?.length ?? 0;
  const byHeader = new Map<string, Candidates>();

  for (const { binding, any, conditions } of asked) {
    const [rarest, ...rest] = conditions.toSorted((one, other) => sharers(one) - sharers(other));
    if (any) for (const condition of conditions) addCandidate(byHeader, condition, { binding, rest: [] });
    else if (rarest) addCandidate(byHeader, rarest, { binding, rest });
  }

  return ({ headers = {} }, found) => {
    always.forEach(found);
    for (const [header, value] of Object.entries(headers)) {
      for (const { binding, rest } of candidatesFor(byHeader, header, value)) {
        if (rest.every((condition) => holds(condition, headers))) found(binding);
      }
    }
  };
}

/** Whatever is none of the four is `all`: RabbitMQ refuses to bind with it (rule 4.2.3), but routes such a binding so. */
function matchesAny({ arguments: args = {} }: Binding): boolean {
  return args['x-match'] === 'any' || args['x-match'] === 'any-with-x';
}

/** Arguments that start with `x-` count only when `x-match` says so, and `x-match` itself never (rules 4.2.1, 4.2.2). */
function conditionsOf({ arguments: args = {} }: Binding): Condition[] {
  const withX = args['x-match'] === 'all-with-x' || args['x-match'] === 'any-with-x';
  return Object.entries(args)
    .filter(([header]) => header !== 'x-match' && (withX || !header.startsWith('x-')))
    .map(([header, value]) => ({ header, term: value === null ? undefined : routingTerm(value, 'argument') }));
}

function idOf({ header, term }: Condition): string {
  return JSON.stringify([header, term]);
}

function addCandidate(byHeader: Map<string, Candidates>, { header, term }: Condition, candidate: Candidate): void {
  const candidates: Candidates = byHeader.get(header) ?? { present: [], byTerm: new Map() };
  byHeader.set(header, candidates);
  if (term === undefined) candidates.present.push(candidate);
  else candidates.byTerm.set(term, [...(candidates.byTerm.get(term) ?? []), candidate]);
}

function candidatesFor(byHeader: ReadonlyMap<string, Candidates>, header: string, value: HeaderValue): Candidate[] {
  const candidates = byHeader.get(header);
  if (!candidates) return [];
  const equal = candidates.byTerm.size > 0 ? candidates.byTerm.get(routingTerm(value, 'header')) : undefined;
  return equal ? [...candidates.present, ...equal] : candidates.present;
}

function holds({ header, term }: Condition, headers: Headers): boolean {
  if (!Object.hasOwn(headers, header)) return false;
  const value = headers[header];
  return term === undefined || (value !== undefined && routingTerm(value, 'header') === term);
}
