import type { DeclaredPolicy } from '../definitions/definitions.ts';
import { exchangesBehind } from '../lints/exchanges.ts';
import { keyOf, type Model } from '../lints/model.ts';
import { createPolicyBook, type PolicyBook } from '../policies/policies-in-force.ts';
import { inForce, type SettingName } from '../settings/settings-in-force.ts';
import { defaultExchange, type Queue, type Topology } from '../topology.ts';
import { longestSqsDelayMs } from './delay-limits.ts';
import type { Plan } from './plan-topology.ts';
import { labelsOf } from './queue-label.ts';

/** A queue that is taken for a delay, and is not created. */
export interface Delay {
  readonly queue: Queue;
  /** What speaks for a queue that something consumes, each a main clause. They change nothing but what is said. */
  readonly doubts: readonly string[];
}

export function delaysOf({ topology, delayQueues }: Plan, model: Model): Delay[] {
  const books = {
    policies: createPolicyBook(model.definitions.policies),
    operatorPolicies: createPolicyBook(model.definitions.operatorPolicies),
  };
  const ends = parkingQueues(topology, model);
  return delayQueues.map((queue) => ({
    queue,
    doubts: [...fromPolicies(queue, model, books), ...longTtl(queue), ...parking(queue, ends, model)],
  }));
}

/** A pattern reaches more queues than were thought of; who makes a delay says so in the queue itself. */
function fromPolicies(
  queue: Queue,
  { argumentsOf }: Model,
  { policies, operatorPolicies }: { readonly policies: PolicyBook; readonly operatorPolicies: PolicyBook },
): string[] {
  const { type, vhost, name } = queue;
  const sources = {
    arguments: argumentsOf(queue, 'queues'),
    argumentsPath: [],
    policy: policies.policyFor(type, vhost, name),
    operatorPolicy: operatorPolicies.policyFor(type, vhost, name),
  };
  const origin = (setting: SettingName): DeclaredPolicy | undefined => {
    const from = inForce(setting, sources)?.from;
    return from === 'policy' ? sources.policy : from === 'operator policy' ? sources.operatorPolicy : undefined;
  };
  const say = (what: string, policy: DeclaredPolicy | undefined): string[] =>
    policy ? [`its ${what} comes from the ${policy.kind} '${policy.name}'`] : [];
  return [...say('dead-letter exchange', origin('dead-letter-exchange')), ...say('TTL', origin('message-ttl'))];
}

function longTtl({ messageTtl = 0 }: Queue): string[] {
  return messageTtl > longestSqsDelayMs ? ['its TTL is longer than 15 minutes'] : [];
}

/** Queues that only dead letters come to, and that nothing leads on from. */
function parkingQueues({ queues }: Topology, { bindingsTo }: Model): ReadonlySet<string> {
  const letters = new Set(
    queues.map(({ vhost, deadLetterExchange = defaultExchange }) => keyOf(vhost, deadLetterExchange)),
  );
  const ends = queues.filter(
    ({ vhost, name, deadLetterExchange }) =>
      deadLetterExchange === undefined &&
      bindingsTo(vhost, name, 'queue').every(({ source }) => letters.has(keyOf(vhost, source))),
  );
  return new Set(ends.map(({ vhost, name }) => keyOf(vhost, name)));
}

/** From a delay a message goes on to work; from work it goes where somebody looks at it. By the default exchange it may be either. */
function parking(
  { vhost, deadLetterExchange = defaultExchange }: Queue,
  ends: ReadonlySet<string>,
  model: Model,
): string[] {
  if (deadLetterExchange === defaultExchange) return [];
  const bindings = exchangesBehind(vhost, deadLetterExchange, model).flatMap((name) => model.bindingsFrom(vhost, name));
  const names = new Set(
    bindings.filter((one) => one.destinationType === 'queue').map(({ destination }) => destination),
  );
  if (names.size === 0 || [...names].some((name) => !ends.has(keyOf(vhost, name)))) return [];
  const labels = labelsOf([...names].map((name) => ({ vhost, name })));
  return [`its dead letters end in ${labels}, where only dead letters come and nothing leads on`];
}

/** Of a file's delays, the doubtful ones first: what to look at before a deployment. `how` to say that something consumes one. */
export function delayLines(delays: readonly Delay[], how: (queue: Queue) => string): string[] {
  const doubtful = delays.filter(({ doubts }) => doubts.length > 0);
  const [first] = [...doubtful, ...delays];
  if (!first) return [];
  const names = labelsOf(
    [...new Set([...doubtful, ...delays])].map(({ queue }) => queue),
    shownDelays,
  );
  const are = delays.length === 1 ? '1 queue is a delay' : `${delays.length} queues are delays`;
  return [
    `${are}, no SQS queue: ${names}. If something consumes ${delays.length === 1 ? 'it' : 'one'}, say so: ${how(first.queue)}.`,
    ...doubtful
      .slice(0, shownDelays)
      .map(({ queue, doubts }) => `${labelsOf([queue])} may be no delay: ${doubts.join('; ')}.`),
    ...(doubtful.length > shownDelays ? [`So may ${doubtful.length - shownDelays} more.`] : []),
  ];
}

const shownDelays = 10;
