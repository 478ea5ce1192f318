import type { Headers } from '../message.ts';
import type { Exchange } from '../topology.ts';

/** How long a delayed-message exchange keeps the message, in milliseconds: what is no positive number is no delay (rule 4.11.5). */
export function xDelayMs({ headers }: { readonly headers: Headers }, exchange: Exchange | undefined): number {
  const delay = exchange?.delayed ? headers['x-delay'] : undefined;
  return typeof delay === 'number' && delay > 0 ? delay : 0;
}
