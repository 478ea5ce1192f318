import type { Binding, ExchangeType } from '../topology.ts';
import type { AlternateUse, Dropped, WalkObserver } from './walk.ts';

/** One exchange a message came through, and what it did with it. */
export interface Hop {
  readonly exchange: string;
  readonly type: ExchangeType;
  readonly reached: Reached;
  /** Empty: no binding matched. */
  readonly matches: readonly Match[];
  /** Absent: the exchange has none. */
  readonly alternate?: { readonly exchange: string; readonly use: AlternateUse } | undefined;
  /** No binding matched and no alternate exchange took over: this way ends here. */
  readonly unroutable: boolean;
}

/** How the message came to the exchange. */
export type Reached =
  | { readonly by: 'publish' }
  | { readonly by: 'binding'; readonly from: string }
  | { readonly by: 'alternate exchange'; readonly of: string };

/** A binding that matched; the default exchange's bindings are implied, one for each queue. */
export interface Match {
  readonly binding: Binding;
  /** Absent: the destination took the message. */
  readonly dropped?: Dropped | undefined;
}

/** Writes a walk down. */
export interface HopRecorder extends WalkObserver {
  readonly hops: readonly Hop[];
}

export function createHopRecorder(): HopRecorder {
  const hops: (Hop & { matches: Match[]; alternate?: Hop['alternate']; unroutable: boolean })[] = [];
  const reached = new Map<string, Reached>();
  const latest = () => hops.at(-1);

  return {
    hops,
    visit({ name, type }) {
      hops.push({
        exchange: name,
        type,
        reached: reached.get(name) ?? { by: 'publish' },
        matches: [],
        unroutable: true,
      });
    },
    match(binding, dropped) {
      const hop = latest();
      // Found by a second key of the message: nothing new.
      if (!hop || hop.matches.some((match) => match.binding === binding)) return;
      hop.matches.push({ binding, ...(dropped && { dropped }) });
      hop.unroutable = false;
      if (binding.destinationType === 'exchange' && !dropped) {
        reached.set(binding.destination, { by: 'binding', from: hop.exchange });
      }
    },
    alternate(exchange, use) {
      const hop = latest();
      if (!hop) return;
      hop.alternate = { exchange, use };
      if (use !== 'used') return;
      hop.unroutable = false;
      reached.set(exchange, { by: 'alternate exchange', of: hop.exchange });
    },
  };
}
