import type { Refusal } from '../../rabbitmq/dead-lettering/refusals.ts';
import { longestDelayMs } from '../../rabbitmq/plan/delay-limits.ts';
import type { Hop, Match } from '../../rabbitmq/routing/hop.ts';
import type { painter } from './paint.ts';

export interface Explained {
  readonly queues: readonly string[];
  readonly returned: boolean;
  readonly hops: readonly Hop[];
  readonly refusals: readonly Refusal[];
  /** How long the exchange it is published to keeps it first; 0 when it does not. */
  readonly delayMs: number;
  /** Delay queue → what happens there. */
  readonly delays: ReadonlyMap<string, string>;
  /** Is the exchange declared, and not part of the answer? */
  readonly isLeftOut: (exchange: string) => boolean;
  readonly paint: ReturnType<typeof painter>;
}

/** The way of a message as a tree: exchanges, what matched in each, where it leads. */
export function explanation(explained: Explained): string {
  const [first] = explained.hops;
  const { delayMs } = explained;
  const kept = delayMs > longestDelayMs ? `${delayMs} ms is too long` : `after ${delayMs} ms`;
  const delayed = delayMs === 0 ? [] : [`a delayed-message exchange: ${kept}`];
  return [...delayed, ...(first ? treeOf(first, explained, '') : []), '', ...endOf(explained)].join('\n');
}

function treeOf(hop: Hop, explained: Explained, indent: string): string[] {
  const { paint } = explained;
  const branches = [
    ...hop.matches.map((match) => branchOf(match, hop, explained)),
    ...(hop.alternate ? [alternateBranch(hop, explained)] : []),
    ...(hop.unroutable ? [[paint('yellow', 'nothing matches: this way ends here')]] : []),
  ];
  return [
    `${paint('bold', nameOf(hop.exchange))} (${hop.type})`,
    ...branches.flatMap((lines, at) => {
      const isLast = at === branches.length - 1;
      return lines.map((line, row) => `${row === 0 ? (isLast ? '└─ ' : '├─ ') : isLast ? '   ' : '│  '}${line}`);
    }),
  ].map((line) => indent + line);
}

function branchOf({ binding, dropped }: Match, hop: Hop, explained: Explained): string[] {
  const { destination, destinationType, bindingKey, arguments: table } = binding;
  const key = hop.exchange === '' ? 'its name' : `key ${JSON.stringify(bindingKey)}`;
  const how = table ? `${key} ${JSON.stringify(table)}` : key;
  if (dropped) return [`${how} → ${destinationType} ${nameOf(destination)}: ${explained.paint('yellow', dropped)}`];
  if (destinationType === 'queue') {
    return [`${how} → queue ${queueWithFate(destination, explained)}`];
  }
  return behind(`${how} → `, destination, explained);
}

function queueWithFate(queue: string, { refusals, delays, paint }: Explained): string {
  const delay = delays.get(queue);
  const what = delay === undefined ? '' : ` (a delay: ${delay})`;
  return refusals.some((one) => one.queue === queue)
    ? `${paint('red', queue)}${what}: refused`
    : `${paint('green', queue)}${what}`;
}

function alternateBranch({ alternate }: Hop, explained: Explained): string[] {
  if (!alternate) return [];
  const name = `alternate exchange ${nameOf(alternate.exchange)}`;
  return alternate.use === 'used'
    ? behind('nothing matches, alternate exchange → ', alternate.exchange, explained)
    : [`${name}: ${explained.isLeftOut(alternate.exchange) ? 'declared, but left out here' : alternate.use}`];
}

function behind(prefix: string, exchange: string, explained: Explained): string[] {
  const next = explained.hops.find((hop) => hop.exchange === exchange);
  const [head = nameOf(exchange), ...rest] = next ? treeOf(next, explained, '') : [];
  return [prefix + head, ...rest];
}

function endOf(explained: Explained): string[] {
  const { queues, returned, refusals, paint } = explained;
  const stored = queues.filter((queue) => !refusals.some((one) => one.queue === queue));
  if (stored.length > 0) return [countOf(stored), ...refusalLines(explained)];
  const nobody = paint('yellow', 'No queue gets it');
  if (refusals.length > 0) return [`${nobody}.`, ...refusalLines(explained)];
  return [
    returned
      ? `${nobody}: returned to the publisher (312 NO_ROUTE), then acked.`
      : `${nobody}: acked and dropped, because it is not mandatory.`,
  ];
}

function countOf(queues: readonly string[]): string {
  return `${queues.length} ${queues.length === 1 ? 'queue gets' : 'queues get'} it: ${queues.join(', ')}`;
}

/** One line a reason, then what that means, and what could be done. */
function refusalLines({ refusals, delayMs, delays, paint }: Explained): string[] {
  if (refusals.length === 0) return [];
  const names = (some: readonly Refusal[]): string => some.map(({ queue }) => queue).join(', ');
  const mistaken = delayMs > longestDelayMs ? [] : refusals.filter(({ queue }) => delays.has(queue));
  return [
    ...[...Map.groupBy(refusals, ({ reason }) => reason)].map(
      ([reason, some]) => `${paint('red', 'Refused')} for ${names(some)}: ${reason}.`,
    ),
    'The publisher gets a nack.',
    ...(mistaken.length > 0
      ? [`If something consumes ${names(mistaken)}, it is no delay: say so with --consumed.`]
      : []),
  ];
}

function nameOf(exchange: string): string {
  return exchange === '' ? '(default exchange)' : exchange;
}
