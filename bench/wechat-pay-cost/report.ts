import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Counts } from './count-calls.ts';

export interface Phase extends Counts {
  readonly name: string;
  readonly orders: number;
}

const price = z.object({ usd: z.number(), source: z.string() });
const prices = z
  .object({
    httpApiPerMillion: price,
    sqsPerMillion: price,
    dynamoDbWritePerMillion: price,
    dynamoDbReadPerMillion: price,
    lambdaPerMillion: price,
    lambdaPerGbSecond: price,
  })
  .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, 'prices.json'), 'utf8')));

/** Messages in a batch that a mapping hands over, as its traffic is: one by one when it is quiet, full when it is busy. */
const batches = [
  { name: 'batches of one', of: () => 1, rows: 1 },
  { name: 'full batches', of: (queue: string) => (queue === 'fulfilment.requests' ? 5 : 10), rows: 25 },
];

/** Calls of each function, and what a million notifications cost: quiet by the first phase, busy by the last. */
export function report(phases: readonly Phase[], consumed: readonly string[]): string {
  const keys = [...new Set(phases.flatMap(({ calls }) => [...calls.keys()]))].sort();
  const counted = keys.map((key) => [key, ...phases.map(({ calls, orders }) => perOrder(calls.get(key) ?? 0, orders))]);
  const costs = batches.map((batch, at) => costOf(phases.at(at === 0 ? 0 : -1), batch, consumed));
  const rows = (costs[0] ?? []).map(([what], at) => [
    what,
    ...costs.flatMap((cost) => [cost[at]?.[1].toFixed(1) ?? '', `$${cost[at]?.[2].toFixed(2)}`]),
  ]);
  const total = costs.map((cost) => cost.reduce((sum, [, , usd]) => sum + usd, 0));
  return [
    table(['function, operation, table or queue, per notification', ...phases.map(({ name }) => name)], counted),
    table(
      ['a notification', ...batches.flatMap(({ name }) => [name, 'a million'])],
      [...rows, ['together', ...total.flatMap((usd) => ['', `$${usd.toFixed(2)}`])]],
    ),
    `Each 10 ms of a function of 512 MiB: $${(0.01 * 0.5 * 1e6 * prices.lambdaPerGbSecond.usd).toFixed(3)} a million.`,
  ].join('\n\n');
}

type Cost = readonly [what: string, aNotification: number, usdPerMillion: number];

function costOf(phase: Phase | undefined, batch: (typeof batches)[number], consumed: readonly string[]): Cost[] {
  if (!phase) throw new Error('nothing was measured');
  const { orders, messages, sends, writeUnits, readUnits } = phase;
  const handedOver = consumed.reduce((sum, queue) => sum + (messages.get(queue) ?? 0) / orders / batch.of(queue), 0);
  const rows: readonly (readonly [string, number, { readonly usd: number }])[] = [
    ['API Gateway requests', 1, prices.httpApiPerMillion],
    ['SQS: sends', sends / orders, prices.sqsPerMillion],
    ['SQS: receives and deletes', 2 * handedOver, prices.sqsPerMillion],
    ['DynamoDB write units', writeUnits / orders, prices.dynamoDbWritePerMillion],
    ['DynamoDB read units', readUnits / orders, prices.dynamoDbReadPerMillion],
    ['Lambda invocations', 1 + 1 / batch.rows + handedOver, prices.lambdaPerMillion],
  ];
  return rows.map(([what, count, { usd }]) => [what, count, count * usd]);
}

function perOrder(count: number, orders: number): string {
  return (count / orders).toFixed(2);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ['---', ...head.slice(1).map(() => '---:')], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
