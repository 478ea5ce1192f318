import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Channel, ChannelModel, ConfirmChannel, GetMessage } from 'amqplib';
import type { Headers } from '../../../rabbitmq/message.ts';
import type { Depths } from './broker.ts';
import { type ConsumerAct, namesOf, type Publish, type Scenario, type Step } from './scenario.ts';
import { type Held, held, type Transcript } from './transcript.ts';

interface Place {
  readonly channel: ConfirmChannel;
  /** Its connection. */
  readonly connection: ChannelModel;
}

/** How long is waited for a message that is said to come. */
const patienceMs = 5_000;
const pollMs = 5;

/** All steps of a scenario in a vhost that holds what it declares, then everything its queues hold. */
export async function playOnChannel(
  scenario: Scenario,
  place: Place,
  depthsAfter: readonly Depths[],
): Promise<Transcript> {
  const refused: string[] = [];
  const idle: string[] = [];
  for (const [at, step] of scenario.steps.entries()) {
    // Who has waited in vain once need not wait again.
    const isDone = await play(step, place, idle.length === 0 ? patienceMs : 0);
    if (!isDone && step.act === 'publish') refused.push(step.label);
    if (!isDone && step.act !== 'publish') idle.push(`${step.act} ${at}`);
    if (staysUntil(scenario.steps[at + 1], step)) await untilDepths(depthsAfter[at] ?? {}, place.channel);
  }
  return { queues: await takeAll(namesOf(scenario), place.channel), refused, idle };
}

/** What expires next may be gone before anybody looks; what is published next may come first. */
function staysUntil(next: Step | undefined, { act }: Step): boolean {
  return next?.act !== 'expire' && !(next?.act === 'publish' && act === 'publish');
}

/** False when a publish was refused, or nothing came to a consumer. */
async function play(step: Step, place: Place, patience: number): Promise<boolean> {
  if (step.act === 'publish') return publish(step, place.channel);
  return step.act === 'expire' || consume(step.act, step.queue, place, patience);
}

function publish({ exchange, key, label, options }: Publish, channel: ConfirmChannel): Promise<boolean> {
  const content = Buffer.from(JSON.stringify(label));
  return new Promise((resolve) => {
    channel.publish(exchange, key, content, { messageId: label, ...options }, (error) => resolve(!error));
  });
}

async function consume(
  act: ConsumerAct,
  queue: string,
  { channel, connection }: Place,
  patience: number,
): Promise<boolean> {
  if (act === 'crash') return crash(queue, connection, patience);
  const message = await take(queue, channel, patience);
  if (!message) return false;
  if (act === 'ack') channel.ack(message);
  else if (act === 'reject' || act === 'reject and requeue') channel.reject(message, act !== 'reject');
  else channel.nack(message, false, act !== 'nack');
  return true;
}

/** Takes a message, and is gone with its channel. */
async function crash(queue: string, connection: ChannelModel, patience: number): Promise<boolean> {
  const channel = await connection.createChannel();
  const message = await take(queue, channel, patience);
  await channel.close();
  return message !== undefined;
}

async function take(queue: string, channel: Channel, patience: number): Promise<GetMessage | undefined> {
  const end = Date.now() + patience;
  for (;;) {
    const message = await channel.get(queue);
    if (message) return message;
    if (Date.now() >= end) return undefined;
    await pause(pollMs);
  }
}

/** More than once: a letter may be on its way back. */
async function untilDepths(expected: Depths, channel: Channel): Promise<void> {
  const end = Date.now() + patienceMs;
  for (let seen = 0; seen < 3 && Date.now() < end; await pause(pollMs)) {
    const depths: Record<string, number> = {};
    for (const queue of Object.keys(expected)) depths[queue] = (await channel.checkQueue(queue)).messageCount;
    seen = isDeepStrictEqual(depths, expected) ? seen + 1 : 0;
  }
}

/** Until all queues have been empty for as many rounds as a letter has hops. */
async function takeAll(queues: readonly string[], channel: Channel): Promise<Transcript['queues']> {
  const taken = new Map(queues.map((queue): [string, Held[]] => [queue, []]));
  for (let quiet = 0; quiet <= queues.length; quiet++) {
    for (const [queue, letters] of taken) {
      for (let message = await channel.get(queue); message; message = await channel.get(queue)) {
        letters.push(asHeld(message));
        quiet = 0;
      }
    }
  }
  return Object.fromEntries(taken);
}

function asHeld({ fields, properties: { headers = {}, ...properties }, content }: GetMessage): Held {
  return held({
    exchange: fields.exchange,
    routing_key: fields.routingKey,
    properties: Object.fromEntries(Object.entries(properties).map(([name, value]) => [inSnakeCase(name), value])),
    headers: headers as Headers,
    content: content.toString(),
  });
}

function inSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
