import type { Hop, Match } from '../../rabbitmq/routing/hop.ts';
import type { painter } from './paint.ts';

export interface Explained {
  readonly queues: readonly string[];
  readonly returned: boolean;
  readonly hops: readonly Hop[];
  /** What the exchange it is published to does first, if it delays. */
  readonly delay: string | undefined;
  /** Delay queue → what happens there. */
  readonly delays: ReadonlyMap<string, string>;
  /** Is the exchange declared, and not part of the answer? */
  readonly isLeftOut: (exchange: string) => boolean;
  readonly paint: ReturnType<typeof painter>;
}

/** The way of a message as a tree: exchanges, what matched in each, where it leads. */
export function explanation(explained: Explained): string {
  const [first] = explained.hops;
  const delayed = explained.delay === undefined ? [] : [`a delayed-message exchange: ${explained.delay}`];
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
    const delay = explained.delays.get(destination);
    return [`${how} → queue ${explained.paint('green', destination)}${delay ? ` (${delay})` : ''}`];
  }
  return behind(`${how} → `, destination, explained);
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

function endOf({ queues, returned, paint }: Explained): string[] {
  if (queues.length > 0)
    return [`${queues.length} ${queues.length === 1 ? 'queue gets' : 'queues get'} it: ${queues.join(', ')}`];
  return [
    returned
      ? `${paint('yellow', 'No queue gets it')}: returned to the publisher (312 NO_ROUTE), then acked.`
      : `${paint('yellow', 'No queue gets it')}: acked and dropped, because it is not mandatory.`,
  ];
}

function nameOf(exchange: string): string {
  return exchange === '' ? '(default exchange)' : exchange;
}
