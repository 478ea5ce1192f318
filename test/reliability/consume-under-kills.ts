import { randomUUID } from 'node:crypto';
import { seededRandom } from '../../bin/warren/random.ts';
import type { ExampleDeployment } from '../../local/demo/example-deployment.ts';
import { eventually } from '../../local/eventually.ts';
import { depth } from '../../local/observe.ts';
import { invoke } from '../support/invoke.ts';
import { shuffled } from '../support/shuffled.ts';
import { killAtRandom } from './kill-functions.ts';

/** One of the four ways an effect is made one. */
export interface Scenario {
  readonly name: string;
  readonly queue: string;
  readonly functionName: string;
  /** Makes the events ready to be told; the messages that tell them, one for each. */
  prepare(count: number): Promise<readonly object[]>;
  /** Of the prepared events: how many have their effect, and how many effects there are. */
  effects(): Promise<{ readonly events: number; readonly effects: number }>;
}

/** Exact counts of one run. */
export interface KillRow {
  readonly scenario: string;
  readonly events: number;
  /** Messages that were published and acked: each event so many times. */
  readonly deliveries: number;
  readonly kills: number;
  /** Events with their effect, and effects in the tables. */
  readonly done: number;
  readonly effects: number;
  /** Messages that are left, or dead. */
  readonly left: number;
  readonly dead: number;
}

export interface KillRun {
  readonly deployment: ExampleDeployment;
  readonly events: number;
  readonly times: number;
  readonly seed: number;
  readonly withinMs: number;
}

const perRequest = 100;

/** Publishes every event several times, shuffled, while processes of its function are killed; then waits until the queue is empty. */
export async function consumeUnderKills(scenario: Scenario, run: KillRun): Promise<KillRow> {
  const { deployment, events, times, seed, withinMs } = run;
  const random = seededRandom(seed);
  const messages = await scenario.prepare(events);
  const deliveries = shuffled(Array.from({ length: times }, () => messages).flat(), random);
  const killing = killAtRandom([scenario.functionName], random);
  try {
    for (let at = 0; at < deliveries.length; at += perRequest) {
      await publishAll(deployment, deliveries.slice(at, at + perRequest));
    }
    await emptied(deployment, scenario.queue, withinMs / 2);
  } finally {
    await killing.stop();
  }
  const left = await emptied(deployment, scenario.queue, withinMs / 2);
  const { events: done, effects } = await scenario.effects();
  return {
    scenario: scenario.name,
    events,
    deliveries: deliveries.length,
    kills: killing.kills(),
    done,
    effects,
    left,
    dead: await depth(deployment.sqs, deployment.deadLetterQueueUrl(scenario.queue)),
  };
}

async function publishAll({ lambda, outputs }: ExampleDeployment, messages: readonly object[]): Promise<void> {
  const { answer } = await invoke(lambda, outputs.PublishFunction, { messages, detail: 'none' });
  const { messages: reports } = answer as { readonly messages: readonly { readonly confirm: string }[] };
  const unsafe = reports.filter(({ confirm }) => confirm !== 'ack');
  if (unsafe.length > 0) throw new Error(`${unsafe.length} of ${messages.length} messages were not acked`);
}

/** How many messages are left when it is empty, or the time is over. */
function emptied({ sqs, queueUrl }: ExampleDeployment, queue: string, withinMs: number): Promise<number> {
  return eventually(
    () => depth(sqs, queueUrl(queue)),
    (left) => left === 0,
    withinMs,
  );
}

/** A message of the exchange, with an event id of its own. */
export function eventMessage(exchange: string, routing_key: string, body: object): object {
  return { exchange, routing_key, payload: JSON.stringify(body), properties: { message_id: randomUUID() } };
}
