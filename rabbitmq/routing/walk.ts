import { type Binding, defaultExchange, type Exchange } from '../topology.ts';
import type { Matcher, RoutedMessage } from './matcher.ts';

export interface CompiledExchange {
  readonly exchange: Exchange;
  readonly match: Matcher;
}

/** Why the walk does not go on to an exchange. */
export type NotVisited = 'missing exchange' | 'already visited';

/** The exchanges of a vhost, as a walk comes to them from others. */
export interface Exchanges {
  /** By name, as a publisher reaches them. */
  readonly byName: ReadonlyMap<string, CompiledExchange>;
  /**
   * The default exchange behind another one: its bindings are implied for publishers alone, so it routes nothing, but a policy may
   * have given it an alternate exchange (run on 3.10.8, 4.0.5, 4.3.6).
   */
  readonly defaultBehind: CompiledExchange;
}

/** Why a destination adds nothing to the walk. */
export type Dropped = NotVisited | 'already routed';

/** What became of the alternate exchange; it is not used when its exchange had a destination of its own (rule 4.4.4). */
export type AlternateUse = NotVisited | 'used' | 'not used';

/** Watches a walk; what it is told changes nothing. */
export interface WalkObserver {
  visit(exchange: Exchange): void;
  match(binding: Binding, dropped: Dropped | undefined): void;
  alternate(name: string, use: AlternateUse): void;
}

/**
 * Which queues get the message, each once, in no order (rules 4.4.1 to 4.4.8; rabbit_exchange.erl, `route1`). Exchanges are those
 * of the message's vhost.
 */
export function walk(
  first: CompiledExchange,
  { byName, defaultBehind }: Exchanges,
  message: RoutedMessage,
  observer: WalkObserver,
): Set<string> {
  const queues = new Set<string>();
  // A Set's iteration reaches what is added on the way, and each exchange once: cycles end by themselves (rule 4.4.3).
  const visited = new Set([first]);
  let matches = 0;

  function found(binding: Binding): void {
    matches++;
    const dropped =
      binding.destinationType === 'queue' ? toQueue(binding.destination) : toExchange(binding.destination);
    observer.match(binding, dropped);
  }

  function toQueue(queue: string): Dropped | undefined {
    if (queues.has(queue)) return 'already routed';
    queues.add(queue);
    return undefined;
  }

  function toExchange(name: string): NotVisited | undefined {
    const exchange = name === defaultExchange ? defaultBehind : byName.get(name);
    if (!exchange) return 'missing exchange';
    if (visited.has(exchange)) return 'already visited';
    visited.add(exchange);
    return undefined;
  }

  /** The exchange's own result decides, not what the exchanges behind it do with the message (rule 4.4.4). */
  function toAlternate(name: string): AlternateUse {
    return matches > 0 ? 'not used' : (toExchange(name) ?? 'used');
  }

  for (const { exchange, match } of visited) {
    observer.visit(exchange);
    matches = 0;
    match(message, found);
    if (exchange.alternateExchange !== undefined) {
      observer.alternate(exchange.alternateExchange, toAlternate(exchange.alternateExchange));
    }
  }
  return queues;
}
