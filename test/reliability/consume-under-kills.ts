import { randomUUID } from 'node:crypto';
import { seededRandom } from '../../bin/warren/random.ts';
import type { ExampleDeployment } from '../../local/demo/example-deployment.ts';
import { eventually } from '../../local/eventually.ts';
import { depth } from '../../local/observe.ts';
import { invoke } from '../support/invoke.ts';
import { shuffled } from '../support/shuffled.ts';
import { killAtRandom } from './kill-functions.ts';
import { lettersTaken } from './letters-taken.ts';

/** One of the four ways an effect is made one. */
export interface Scenario {
  readonly name: string;
  readonly queue: string;
  readonly functionName: string;
  /** Makes the events ready to be told; the messages that tell them, one for each. */
  prepare(count: number): Promise<readonly EventMessage[]>;
  /** Of the prepared events: how many have their effect, and how many effects there are. */
  effects(): Promise<{ readonly events: number; readonly effects: number }>;
}

/** As the `publish` function takes it. */
export interface EventMessage {
  readonly exchange: string;
  readonly routing_key: string;
  readonly payload: string;
  readonly properties: { readonly message_id: string };
}

/** Exact counts of one run. */
export interface KillRow {
  readonly scenario: string;
  readonly events: number;
  /** Messages that were published and acked: each event so many times. */
  readonly deliveries: number;
  readonly kills: number;
  /** Messages that were killed so often that they went over their delivery limit; published again when the killing was over. */
  readonly letters: number;
  /** Events with their effect, and effects in the tables. */
  readonly done: number;
  readonly effects: number;
  /** Messages that are left in the queue, and in its dead-letter queue. */
  readonly left: number;
}

export interface KillRun {
  readonly deployment: ExampleDeployment;
  readonly events: number;
  readonly times: number;
  readonly seed: number;
  readonly withinMs: number;
}

const perRequest = 100;

/**
 * Of each scenario, side by side: publishes every event several times, shuffled, while processes of its function are killed, until the queue is
 * empty. Then, killing no more, publishes again what became a dead letter, and waits until all is empty.
 */
export async function consumeUnderKills(scenarios: readonly Scenario[], run: KillRun): Promise<KillRow[]> {
  const killed = await Promise.all(scenarios.map((scenario) => publishUnderKills(scenario, run)));
  const messages = new Map(
    killed.flatMap((one) => one.messages.map((message) => [message.properties.message_id, message])),
  );
  const letters = await lettersTaken(run.deployment, 'dead-letters', (eventId) => messages.has(eventId));
  await publishInParts(
    run.deployment,
    letters.flatMap((eventId) => messages.get(eventId) ?? []),
  );
  return Promise.all(
    killed.map(async ({ scenario, messages: ofScenario, ...counts }) => {
      const left = await emptied(run.deployment, scenario.queue, run.withinMs / 2);
      const { events: done, effects } = await scenario.effects();
      const own = new Set(ofScenario.map(({ properties }) => properties.message_id));
      return {
        scenario: scenario.name,
        events: run.events,
        ...counts,
        letters: letters.filter((eventId) => own.has(eventId)).length,
        done,
        effects,
        left,
      };
    }),
  );
}

async function publishUnderKills(scenario: Scenario, { deployment, events, times, seed, withinMs }: KillRun) {
  const random = seededRandom(seed);
  const messages = await scenario.prepare(events);
  const deliveries = shuffled(Array.from({ length: times }, () => messages).flat(), random);
  const killing = killAtRandom([scenario.functionName], random, { least: 150, most: 2_000 });
  try {
    await publishInParts(deployment, deliveries);
    await emptied(deployment, scenario.queue, withinMs / 2);
  } finally {
    await killing.stop();
  }
  await emptied(deployment, scenario.queue, withinMs / 2);
  return { scenario, messages, deliveries: deliveries.length, kills: killing.kills() };
}

/** Throws unless all of them are acked. */
export async function publishInParts(deployment: ExampleDeployment, messages: readonly EventMessage[]): Promise<void> {
  for (let at = 0; at < messages.length; at += perRequest) {
    await publishAll(deployment, messages.slice(at, at + perRequest));
  }
}

async function publishAll({ lambda, outputs }: ExampleDeployment, messages: readonly EventMessage[]): Promise<void> {
  const { answer } = await invoke(lambda, outputs.PublishFunction, { messages, detail: 'none' });
  const { messages: reports } = answer as { readonly messages: readonly { readonly confirm: string }[] };
  const unsafe = reports.filter(({ confirm }) => confirm !== 'ack');
  if (unsafe.length > 0) throw new Error(`${unsafe.length} of ${messages.length} messages were not acked`);
}

/** How many messages are left, in the dead-letter queue too, when none is, or the time is over. */
function emptied(
  { sqs, queueUrl, deadLetterQueueUrl }: ExampleDeployment,
  queue: string,
  withinMs: number,
): Promise<number> {
  return eventually(
    async () => (await depth(sqs, queueUrl(queue))) + (await depth(sqs, deadLetterQueueUrl(queue))),
    (left) => left === 0,
    withinMs,
  );
}

/** A message of the exchange, with an event id of its own. */
export function eventMessage(exchange: string, routing_key: string, body: object): EventMessage {
  return { exchange, routing_key, payload: JSON.stringify(body), properties: { message_id: randomUUID() } };
}
