import { z } from 'zod';
import { eventually } from '../eventually.ts';
import type { Behaviour } from './fulfilments.ts';

const seenSchema = z.array(
  z.object({
    at: z.string(),
    idempotency_key: z.string().optional(),
    body: z.unknown(),
    effect: z.boolean(),
    answer: z.union([z.number(), z.enum(['hung', 'dropped'])]),
  }),
);
export type SeenRequests = z.infer<typeof seenSchema>;

/** For whoever plays with the merchant: what it shall do, and what it has seen. */
export interface MerchantClient {
  /** What it does to the next requests of the order; after those it works. */
  plan(out_trade_no: string, ...next: readonly Behaviour[]): Promise<void>;
  requestsOf(out_trade_no: string): Promise<SeenRequests>;
  /** Waits until the work for the order is done; answers the requests so far. */
  untilFulfilled(out_trade_no: string, withinMs?: number): Promise<SeenRequests>;
}

/** `url` is where it takes requests for fulfilment. */
export function merchantClient(url: string): MerchantClient {
  const requestsOf = async (out_trade_no: string): Promise<SeenRequests> => {
    const response = await fetch(new URL(`/requests?${new URLSearchParams({ out_trade_no })}`, url));
    return seenSchema.parse(await response.json());
  };
  return {
    async plan(out_trade_no, ...next) {
      const body = JSON.stringify({ out_trade_no, next });
      const { status } = await fetch(new URL('/plan', url), { method: 'PUT', body });
      if (status !== 204) throw new Error(`the merchant takes no plan: ${status}`);
    },
    requestsOf,
    untilFulfilled: (out_trade_no, withinMs = 30_000) =>
      eventually(
        () => requestsOf(out_trade_no),
        (seen) => seen.some(({ effect }) => effect),
        withinMs,
      ),
  };
}
