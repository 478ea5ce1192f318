import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

/** One notification, as it came and was answered. */
export interface Told {
  readonly at: string;
  readonly id: string;
  readonly type: string;
  readonly body: unknown;
  /** Undefined: nobody has told the merchant its secret. */
  readonly verified: boolean | undefined;
  readonly answer: number;
}

/** The next notifications of an order and type are refused so often, with that status. */
export const refusalsSchema = z.object({
  out_trade_no: z.string(),
  type: z.string(),
  times: z.int().nonnegative(),
  status: z.int().default(503),
});
export type Refusals = z.input<typeof refusalsSchema>;

const bodySchema = z.object({ type: z.string(), data: z.looseObject({ out_trade_no: z.string() }) });

export interface Notifications {
  /** The status it is answered with. What does not verify is refused, once the secret is known. */
  take(headers: IncomingHttpHeaders, text: string): number;
  learn(secret: string): void;
  refuse(refusals: Refusals): void;
  of(out_trade_no: string | null): readonly Told[];
}

/** A merchant's webhook, which verifies by the library of Standard Webhooks, and shares no code with what signs. */
export function createNotifications(now: () => Date = () => new Date()): Notifications {
  const told = new Map<string, Told[]>();
  const refusals = new Map<string, { left: number; readonly status: number }>();
  let webhook: Webhook | undefined;

  function verify(headers: IncomingHttpHeaders, text: string): boolean | undefined {
    if (!webhook) return undefined;
    try {
      webhook.verify(text, Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])));
      return true;
    } catch {
      return false;
    }
  }

  function statusFor(out_trade_no: string, type: string, verified: boolean | undefined): number {
    if (verified === false) return 401;
    const planned = refusals.get(`${out_trade_no} ${type}`);
    if (!planned || planned.left === 0) return 204;
    planned.left--;
    return planned.status;
  }

  return {
    take(headers, text) {
      const body: unknown = JSON.parse(text);
      const { type, data } = bodySchema.parse(body);
      const { out_trade_no } = data;
      const verified = verify(headers, text);
      const answer = statusFor(out_trade_no, type, verified);
      const one = {
        at: now().toISOString(),
        id: String(headers['webhook-id']),
        type,
        body,
        verified,
        answer,
      };
      told.set(out_trade_no, [...(told.get(out_trade_no) ?? []), one]);
      return answer;
    },
    learn(secret) {
      webhook = new Webhook(secret);
    },
    refuse(wanted) {
      const { out_trade_no, type, times, status } = refusalsSchema.parse(wanted);
      refusals.set(`${out_trade_no} ${type}`, { left: times, status });
    },
    of: (out_trade_no) => told.get(out_trade_no ?? '') ?? [],
  };
}
