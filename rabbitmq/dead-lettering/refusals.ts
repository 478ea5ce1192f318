import type { Message } from '../message.ts';
import { longestDelayMs, longestSqsDelayMs } from '../plan/delay-limits.ts';
import { afterDelays, type DelayDeps } from './after-delays.ts';

/** A copy that is not taken: its publisher gets a nack. */
export interface Refusal {
  /** That it was routed to. */
  readonly queue: string;
  readonly reason: string;
}

interface Routed {
  readonly message: Message;
  readonly queues: readonly string[];
  /** Before it is routed. */
  readonly delayMs: number;
}

/** Which copies of a message are refused because of their delays: what publishing does about them, said beforehand. */
export function refusalsOf({ message, queues, delayMs }: Routed, deps: Omit<DelayDeps, 'horizonMs'>): Refusal[] {
  const all = (reason: string): Refusal[] => queues.map((queue) => ({ queue, reason }));
  if (delayMs > longestSqsDelayMs) return delayMs > longestDelayMs ? all(tooLong(delayMs)) : [];
  return queues.flatMap((name): Refusal[] => {
    const queue = deps.queue(message.vhost, name);
    const ends = queue ? afterDelays({ queue, message, delayMs }, { ...deps, horizonMs: longestSqsDelayMs }) : [];
    if (ends.length === 0) return [{ queue: name, reason: 'it is a delay that ends in no queue' }];
    const longest = Math.max(...ends.map((end) => end.delayMs));
    return longest > longestDelayMs ? [{ queue: name, reason: tooLong(longest) }] : [];
  });
}

function tooLong(delayMs: number): string {
  return `a delay of ${delayMs} ms is longer than ${longestDelayMs} ms`;
}
