import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type QueuePlan, queuesPerStack } from '../rabbitmq/plan/plan-topology.ts';
import type { Queue } from '../rabbitmq/topology.ts';

/** vhost → queue → number of its stack, from 1. */
const queueStacksSchema = z.record(z.string(), z.record(z.string(), z.int().positive()));
export type QueueStacks = z.infer<typeof queueStacksSchema>;

/**
 * Which stack each queue lives in. A queue that has a stack keeps it: CloudFormation cannot move one, and would refuse to create it
 * again under its name. New ones go to the first stack with room, in the order of the plan.
 */
export function assignStacks(queues: readonly QueuePlan[], known: QueueStacks): QueueStacks {
  const room = new Map<number, number>();
  const take = (stack: number): number => {
    room.set(stack, (room.get(stack) ?? queuesPerStack) - 1);
    return stack;
  };
  const knownStacks = queues.map(({ queue }) => stackOf(known, queue));
  for (const stack of knownStacks) if (stack !== undefined) take(stack);
  const placed = queues.map(({ queue }, at) => ({ queue, stack: knownStacks[at] ?? take(firstWithRoom(room)) }));
  const byVhost = Map.groupBy(placed, ({ queue }) => queue.vhost);
  return Object.fromEntries(
    [...byVhost].map(([vhost, all]) => [vhost, Object.fromEntries(all.map(({ queue, stack }) => [queue.name, stack]))]),
  );
}

/** The number of the queue's stack, if it has one. Own members only: a vhost may be called `__proto__`. */
export function stackOf(stacks: QueueStacks, { vhost, name }: Pick<Queue, 'vhost' | 'name'>): number | undefined {
  const inVhost = Object.hasOwn(stacks, vhost) ? stacks[vhost] : undefined;
  return inVhost && Object.hasOwn(inVhost, name) ? inVhost[name] : undefined;
}

function firstWithRoom(room: ReadonlyMap<number, number>): number {
  for (let stack = 1; ; stack++) if ((room.get(stack) ?? queuesPerStack) > 0) return stack;
}

/** Where the assignment is kept: beside the definitions, to be committed with them. */
export function queueStacksFile(definitionsFile: string): string {
  return path.join(path.dirname(definitionsFile), 'queue-stacks.json');
}

export function readQueueStacks(file: string): QueueStacks {
  if (!existsSync(file)) return {};
  const parsed = queueStacksSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} must be {"<vhost>": {"<queue>": <number of its stack>}}: ${z.prettifyError(parsed.error)}`);
}

export function writeQueueStacks(file: string, stacks: QueueStacks): void {
  const text = `${JSON.stringify(stacks, null, 2)}\n`;
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}
