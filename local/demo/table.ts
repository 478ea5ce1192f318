import type { Answer } from '../wechat-pay-simulator/deliver.ts';
import { paymentsOf } from './observe-order.ts';
import type { DemoOutcome, OrderOutcome } from './outcome.ts';
import { type ArrivalKind, arrivalKinds } from './scenario.ts';

const titles: Record<ArrivalKind, string> = {
  payment: 'the payment: 2 at once, 1 later, 1 after the probe',
  probe: 'a probe: WeChat Pay tests us with a wrong signature',
  forgery: 'a forged copy',
  replay: 'a replay, 10 minutes old',
  'wrong-amount': 'the payment with a wrong amount, rightly signed',
};

/** What arrived, what was answered and where it ended, per order. */
export function formatOutcome({ orders }: DemoOutcome): string {
  return orders.map(formatOrder).join('\n\n');
}

function formatOrder(order: OrderOutcome): string {
  const { seen, out_trade_no, total } = order;
  const times = paymentsOf(seen);
  const effects = `${times} effect${times === 1 ? '' : 's'}`;
  const rows = [
    ...arrivalKinds.map((kind) => [titles[kind], answers(order.answers[kind]), ending(kind, order)]),
    [
      'a poison message, sent to the queue by hand',
      '-',
      order.poisonDeadLettered > 0 ? 'failed up to its delivery limit, then dead-lettered: queue dead-letters' : 'LOST',
    ],
  ];
  return [
    `${out_trade_no}  ¥${(total / 100).toFixed(2)}  ${seen.state}  ${effects}`,
    ...aligned([['WHAT WAS SENT', 'HTTP ANSWER', 'WHERE IT ENDED'], ...rows]),
  ].join('\n');
}

function answers(all: readonly Answer[]): string {
  const reason = all.map(({ body }) => body && JSON.parse(body).message).find(Boolean);
  const statuses = all.map(({ status }) => status).join(' ');
  return reason ? `${statuses} ${reason}` : statuses;
}

function ending(kind: ArrivalKind, { seen, rejected }: OrderOutcome): string {
  switch (kind) {
    case 'payment':
      return paymentsOf(seen) === 1 ? 'applied once, repeats had no effect' : `applied ${paymentsOf(seen)} times`;
    case 'wrong-amount':
      return rejected > 0
        ? 'verified and stored, then rejected by the consumer: queue dead-letters'
        : 'NOT dead-lettered';
    case 'probe':
      return 'nowhere; sent again with a right signature';
    case 'forgery':
    case 'replay':
      return 'nowhere';
    default:
      throw new Error(`no ending for ${kind satisfies never}`);
  }
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
