import type { Decide } from '../misbehaviour/decide.ts';
import { createPlans } from '../misbehaviour/planned.ts';
import type { Time } from '../time.ts';
import { type ApiRequest, pathOf } from './request.ts';

/** What a request may meet instead of a right answer. */
export const troubles = [
  /** No trouble: for plans in which only a later request has one. */
  'none',
  /** 429 */
  'rateLimited',
  /** 500 */
  'systemError',
  /** 403 NOT_ENOUGH: the merchant has not the money for a refund. */
  'notEnough',
  /** 503 of something in between, which signs nothing. */
  'unavailable',
  /** The connection is closed before anything is done … */
  'dropped',
  /** … or after it. */
  'droppedAfterWork',
  /** After the work, and the merchant's patience. */
  'slow',
  /** An impostor's: no signature, a wrong one, one by a key nobody knows, one ten minutes old, a body changed after it was signed. */
  'unsigned',
  'wronglySigned',
  'unknownKey',
  'stale',
  'changed',
] as const;
export type Trouble = (typeof troubles)[number];

/** How an outage looks: the connection is closed, or 503. */
export const outageKinds = ['dropped', 'unavailable'] as const;
export type OutageKind = (typeof outageKinds)[number];

const byChance = [
  'rateLimited',
  'systemError',
  'notEnough',
  'slow',
  'unsigned',
  'wronglySigned',
  'droppedAfterWork',
] as const;

export interface TroubleDeps {
  readonly time: Time;
  readonly decide: Decide;
  /** How long an outage that chance begins lasts, in real milliseconds. */
  readonly outageMs: () => number;
}

export function createTroubles({ time, decide, outageMs }: TroubleDeps) {
  const plans = createPlans<Trouble>();
  const counts = new Map<string, number>();
  let outage: { readonly kind: OutageKind; readonly until: number } | undefined;

  function begin(ms: number, kind: OutageKind): void {
    outage = { kind, until: time.now().getTime() + ms };
  }

  /** By what it asks, about which number, and for which time: other requests change nothing. */
  function subjectOf(request: ApiRequest): string {
    const kind = `${request.method} ${pathOf(request)} ${numbersIn(request.body)}`;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return `${kind} ${count}`;
  }

  return {
    begin,
    plan: (about: string, next: readonly Trouble[]): void => plans.add(about, next),

    of(request: ApiRequest): Trouble {
      if (outage && time.now().getTime() < outage.until) return outage.kind;
      const planned = plans.takeFor(`${request.url} ${request.body.toString('utf8')}`);
      if (planned) return planned;
      const subject = subjectOf(request);
      if (decide('outage', subject)) {
        begin(outageMs(), 'unavailable');
        return 'unavailable';
      }
      const isRefund = request.method === 'POST' && pathOf(request).startsWith('/v3/refund/');
      return byChance.find((each) => (each !== 'notEnough' || isRefund) && decide(each, subject)) ?? 'none';
    },
  };
}

function numbersIn(body: Buffer): string {
  return [...body.toString('utf8').matchAll(/"out_(?:trade|refund)_no":"([^"]*)"/g)]
    .map(([, number]) => number)
    .join(' ');
}
