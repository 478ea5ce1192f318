import { z } from 'zod';
import { eventually } from '../eventually.ts';
import type { Refusals } from './notifications.ts';

const toldSchema = z.array(
  z.object({
    at: z.string(),
    id: z.string(),
    type: z.string(),
    body: z.unknown(),
    verified: z.boolean().optional(),
    answer: z.number(),
  }),
);
export type ToldNotifications = z.infer<typeof toldSchema>;

/** For whoever plays with the merchant's webhook: what it shall refuse, and what it was told. */
export interface NotificationClient {
  /** With this secret it verifies, and refuses what was not signed with it. */
  learn(secret: string): Promise<void>;
  refuse(refusals: Refusals): Promise<void>;
  toldOf(out_trade_no: string): Promise<ToldNotifications>;
  /** Waits until a notification of that type was taken; answers all so far. */
  untilTold(out_trade_no: string, type: string, withinMs?: number): Promise<ToldNotifications>;
}

/** `url` is any of the merchant's. */
export function notificationClient(url: string): NotificationClient {
  const put = async (path: string, body: object): Promise<void> => {
    const { status } = await fetch(new URL(path, url), { method: 'PUT', body: JSON.stringify(body) });
    if (status !== 204) throw new Error(`the merchant does not take ${path}: ${status}`);
  };
  const toldOf = async (out_trade_no: string): Promise<ToldNotifications> => {
    const response = await fetch(new URL(`/notifications?${new URLSearchParams({ out_trade_no })}`, url));
    return toldSchema.parse(await response.json());
  };
  return {
    learn: (secret) => put('/notifications/secret', { secret }),
    refuse: (refusals) => put('/notifications/refusals', refusals),
    toldOf,
    untilTold: (out_trade_no, type, withinMs = 30_000) =>
      eventually(
        () => toldOf(out_trade_no),
        (told) => told.some((one) => one.type === type && one.answer === 204),
        withinMs,
      ),
  };
}

/** Where the merchant wants to be told of its orders; it listens there beside its fulfilment endpoint. */
export function notificationUrl(url: string): string {
  return new URL('/notifications', url).href;
}
