import type { Answer } from '../wechat-pay-simulator/deliver.ts';
import { eventsOf, isRelayed, paymentsOf } from './observe-order.ts';
import type { DemoOutcome, OrderOutcome } from './outcome.ts';

/** The last line of `npm start -- --once --json`. */
export interface DemoReport {
  readonly orders: readonly { readonly out_trade_no: string; readonly state: string; readonly effects: number }[];
  readonly notifications: { readonly sent: number; readonly accepted: number; readonly refused: number };
  /** Messages that wait for a person: dead-lettered because they were rejected, or failed again and again. */
  readonly exceptions: number;
  readonly ok: boolean;
  /** What did not hold, as sentences; absent when all did. */
  readonly broken?: readonly string[];
}

/** A promise of the demo that did not hold, as a sentence. Empty when all held. */
export function brokenPromises({ orders, unsettled }: DemoOutcome): string[] {
  const left = unsettled > 0 ? [`${unsettled} messages did not settle in orders.payments`] : [];
  return [
    ...left,
    ...orders.flatMap((order) => brokenFor(order).map((promise) => `${order.out_trade_no}: ${promise}`)),
  ];
}

export function toReport(outcome: DemoOutcome): DemoReport {
  const { orders } = outcome;
  const broken = brokenPromises(outcome);
  const answers = orders.flatMap((order) => Object.values(order.answers).flat());
  const accepted = answers.filter(isAccepted).length;
  return {
    orders: orders.map(({ out_trade_no, seen }) => ({
      out_trade_no,
      state: seen.state ?? 'MISSING',
      effects: paymentsOf(seen),
    })),
    notifications: { sent: answers.length, accepted, refused: answers.length - accepted },
    exceptions: orders.reduce((sum, { rejected, poisonDeadLettered }) => sum + rejected + poisonDeadLettered, 0),
    ok: broken.length === 0,
    ...(broken.length > 0 && { broken }),
  };
}

function brokenFor({ seen, answers, rejected, poisonDeadLettered }: OrderOutcome): string[] {
  const told = eventsOf(seen).join(', ');
  const promises: readonly (readonly [boolean, string])[] = [
    [seen.state === 'PAID', `the order is ${seen.state}, not PAID`],
    [
      told === 'order.created, order.paid',
      `${told || 'nothing'} was told of it, not that it was created and paid once`,
    ],
    [isRelayed(seen), 'what was told of it was not relayed'],
    [answers.payment.every(isAccepted), 'a rightly signed payment was refused'],
    [answers['wrong-amount'].every(isAccepted), 'the signed payment with the wrong amount was refused by the ingress'],
    [answers.forgery.every(isUnauthorized), 'the forged copy was not refused with 401'],
    [answers.probe.every(isUnauthorized), 'the signature probe was not refused with 401'],
    [answers.replay.every(isUnauthorized), 'the replay was not refused with 401'],
    [rejected === 1, `${rejected} payments were dead-lettered instead of the one with the wrong amount`],
    [poisonDeadLettered === 1, `${poisonDeadLettered} poison messages were dead-lettered instead of one`],
  ];
  return promises.filter(([held]) => !held).map(([, broken]) => broken);
}

function isAccepted({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

function isUnauthorized({ status }: Answer): boolean {
  return status === 401;
}
