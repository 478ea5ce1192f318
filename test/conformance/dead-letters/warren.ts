import { PublishingConnection } from '../../../lambdas/shared/amqplib/connection.ts';
import { decodeHeaders } from '../../../lambdas/shared/amqplib/decode-headers.ts';
import { PermanentError, RetryableError } from '../../../lambdas/shared/consumer/errors.ts';
import { type DeathReason, deadLetter } from '../../../rabbitmq/dead-lettering/dead-letter.ts';
import { isOverDeliveryLimit } from '../../../rabbitmq/dead-lettering/delivery-limit.ts';
import { type Dialect, dialectRules } from '../../../rabbitmq/dialect.ts';
import type { Headers } from '../../../rabbitmq/message.ts';
import { refusesOverflow } from '../../../rabbitmq/publishing/overflow.ts';
import type { Queue } from '../../../rabbitmq/topology.ts';
import { type ConsumerSetting, consume, sendOn } from './functions.ts';
import type { Entry } from './memory-queues.ts';
import { namesOf, type Publish, type Scenario, type Step } from './scenario.ts';
import { type Stage, setUp, type Way } from './stage.ts';
import { type Held, held, type Transcript } from './transcript.ts';

export interface PlayedOnWarren {
  readonly transcript: Transcript;
  /** How many messages each queue holds after each step. */
  readonly depths: readonly Readonly<Record<string, number>>[];
  /** Labels of what RabbitMQ would drop, and Warren keeps. */
  readonly kept: readonly string[];
}

/** The scenario on Warren's publisher, consumers and broker. */
export async function playOnWarren(scenario: Scenario, dialect: Dialect, way: Way): Promise<PlayedOnWarren> {
  const stage = setUp(scenario, dialect, way);
  const names = namesOf(scenario);
  const depths: Record<string, number>[] = [];
  const idle: string[] = [];
  for (const [at, step] of scenario.steps.entries()) {
    if (!(await play(step, stage))) idle.push(`${step.act} ${at}`);
    await shorten(stage);
    depths.push(Object.fromEntries(names.map((name) => [name, stage.queues.of(name).length])));
  }
  const queues = Object.fromEntries(names.map((name) => [name, stage.queues.of(name).map(asHeld)]));
  return { transcript: { queues, refused: stage.refused, idle }, depths, kept: stage.kept };
}

/** False when there was nothing to take. */
async function play(step: Step, stage: Stage): Promise<boolean> {
  if (step.act === 'publish') await publish(step, stage);
  else if (step.act === 'expire') await expire(step.queue, stage);
  else {
    const entry = stage.queues.take(step.queue);
    if (!entry) return false;
    if (step.act === 'ack') await handOver(entry, step.queue, stage, async () => {});
    else if (step.act === 'reject' || step.act === 'nack') await handOver(entry, step.queue, stage, rejecting);
    else await giveBack(entry, step.queue, step.act !== 'nack and requeue', stage);
  }
  return true;
}

async function publish({ exchange, key, label, options }: Publish, stage: Stage): Promise<void> {
  const { topology, broker, refused, kept } = stage;
  const connection = new PublishingConnection(broker, { topology, newEventId: () => 'unused' });
  const channel = await connection.createConfirmChannel();
  const content = Buffer.from(JSON.stringify(label));
  const error = await new Promise<unknown>((resolve) => {
    channel.publish(exchange, key, content, { messageId: label, ...options }, resolve);
  });
  // A delay that ends nowhere is refused at once, where RabbitMQ drops the message when it ends.
  if (error) (topology.queues.some(({ delayQueue }) => delayQueue) ? kept : refused).push(label);
}

async function expire(name: string, stage: Stage): Promise<void> {
  const { queues, broker, queueOf, kept } = stage;
  if (queueOf(name).delayQueue) {
    queues.passDelays();
    for (const waiting of queues.takeDue()) {
      if (!(await sendOn(waiting, broker))) kept.push(waiting.message.properties.message_id);
    }
  } else {
    for (const entry of queues.takeExpired(name)) await handOver(entry, name, stage, neverHandled);
  }
}

/** What the function does not finish stays in SQS, and ends in its dead-letter queue there. */
async function handOver(entry: Entry, name: string, stage: Stage, handle: () => Promise<void>): Promise<void> {
  const left = await consume(entry, settingOf(name, entry.failed, stage), handle);
  if (left !== 'nothing') stage.kept.push(entry.message.properties.message_id);
}

function settingOf(name: string, failed: number, { queues, broker, topology, queueOf }: Stage): ConsumerSetting {
  return { queue: queueOf(name), dialect: topology.dialect, broker, failed, now: () => new Date(queues.now) };
}

async function rejecting(): Promise<void> {
  throw new PermanentError('it is rejected');
}

async function neverHandled(): Promise<void> {
  throw new RetryableError('what is expired came to a handler');
}

/** With a consumer of Warren's everything that comes back is a failure; a nack that is none does not come to its function. */
async function giveBack(entry: Entry, name: string, isFailure: boolean, stage: Stage): Promise<void> {
  const { topology, queues, kept } = stage;
  const back = { ...entry, returned: entry.returned + 1, failed: entry.failed + (isFailure ? 1 : 0) };
  const countsAll = dialectRules[topology.dialect].deliveryLimitCounts === 'redeliveries';
  if (!isFailure && !countsAll) return queues.putBack(name, back);
  const before = countsAll ? entry.returned : entry.failed;
  const setting = settingOf(name, before, stage);
  const left = await consume(entry, setting, failing);
  // Over its limit and not dead-lettered, for the letter is refused: it stays in SQS, and ends in its dead-letter queue there.
  const isOver = isOverDeliveryLimit(setting.queue, back, topology.dialect);
  if (left === 'exception' || (left === 'message' && isOver)) kept.push(entry.message.properties.message_id);
  else if (left === 'message') queues.putBack(name, back);
}

async function failing(): Promise<void> {
  throw new RetryableError('it is given back');
}

/** More than any scenario has in one step: beyond, letters go round for ever. */
const mostDeaths = 20;

/** Publishing refuses for queues that refuse; what others would drop dies here. */
async function shorten(stage: Stage): Promise<void> {
  const { topology, queues } = stage;
  const isTooLong = (queue: Queue): boolean =>
    !refusesOverflow(queue) && queues.lengthOf(queue.name) > (queue.maxLength ?? Number.POSITIVE_INFINITY);
  for (let deaths = 0; deaths < mostDeaths; deaths++) {
    const queue = topology.queues.find(isTooLong);
    if (!queue) return;
    const entry = queues.take(queue.name);
    if (entry) await bury(entry, queue, 'maxlen', stage);
  }
  throw new Error('letters go round');
}

async function bury({ message }: Entry, queue: Queue, reason: DeathReason, stage: Stage): Promise<void> {
  const { queues, broker, topology, kept } = stage;
  const letter = deadLetter(message, { queue, reason, time: Math.floor(queues.now / 1000) }, topology.dialect);
  const published = letter && (await broker.republish(letter));
  if (published?.confirm !== 'ack' || published.queues.length === 0) kept.push(message.properties.message_id);
}

function asHeld({ message }: Entry): Held {
  const { exchange, routingKeys, properties, headers, payload } = message;
  const decoded = decodeHeaders(headers) as Headers;
  return held({ exchange, routing_key: routingKeys[0] ?? '', properties, headers: decoded, content: payload });
}
