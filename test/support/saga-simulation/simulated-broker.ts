import { readFileSync } from 'node:fs';
import type { Consumer } from '../../../lambdas/shared/consumer/consumer.ts';
import { PermanentError, RetryableError } from '../../../lambdas/shared/consumer/errors.ts';
import { parsePayload } from '../../../lambdas/shared/consumer/parse-payload.ts';
import type { OutboxMessage } from '../../../lambdas/shared/outbox/outbox-message.ts';
import { analyse } from '../../../rabbitmq/analyse.ts';
import type { Message } from '../../../rabbitmq/message.ts';
import { asRouted } from '../../../rabbitmq/routing/as-routed.ts';
import { createRouter } from '../../../rabbitmq/routing/router.ts';
import { silentLog } from '../../unit/lambdas/builders.ts';
import { shuffled } from '../shuffled.ts';
import { KilledError } from './kills.ts';

/** Something that waits to be done: a message in a queue, or what a person does. */
type Act = () => Promise<void>;

export interface SimulatedBrokerOptions {
  readonly random: () => number;
  readonly startMs: number;
  /** Of all messages, that many come twice. */
  readonly duplicates: number;
}

/** A consumer whose body nobody asks about. */
// biome-ignore lint/suspicious/noExplicitAny: consumers of different bodies in one list.
type AnyConsumer = Consumer<any>;

const minuteMs = 60_000;
const paymentWindowMs = 30 * minuteMs;
const mostTries = 400;
/** What is due within so long comes in any order. */
const tickMs = 10_000;

/** The deployed topology's own bindings, without its clock: all that is due comes in an order that `random` decides. */
export function createSimulatedBroker({ random, startMs, duplicates }: SimulatedBrokerOptions) {
  const { topology } = analyse(readFileSync('topology/definitions.json', 'utf8'));
  if (!topology) throw new Error('topology/definitions.json cannot be read');
  const router = createRouter(topology, { random });
  const consumers = new Map<string, { readonly name: string; readonly consumer: AnyConsumer }>();
  const outboxes: OutboxMessage[][] = [];
  const waiting = new Map<number, Act[]>();
  let nowMs = startMs;
  const letters: { readonly queue: string; readonly problem: string }[] = [];
  /** `function event told` */
  const seen = new Set<string>();
  let handling: { readonly by: string; readonly on: string } | undefined;

  const at = (afterMs: number, act: Act): void => {
    const tick = Math.ceil((nowMs + afterMs) / tickMs);
    const acts = waiting.get(tick) ?? [];
    acts.push(act);
    waiting.set(tick, acts);
  };

  /** Most are soon there; one in ten is very late. */
  const wayMs = (): number => Math.floor(random() < 0.1 ? random() * 180 * minuteMs : random() ** 4 * 20 * minuteMs);

  /** `isPrompt`: it is there at once. */
  function publish(message: Message, delayMs = 0, isPrompt = false): void {
    if (handling) seen.add(`${handling.by}: ${handling.on} -> ${typeOf(message)}`);
    const queues = message.exchange === '' ? message.routingKeys : router.route(asRouted(message));
    for (const queue of queues) {
      const isWindow = queue === 'orders.payment-window';
      send(isWindow ? 'orders.timeouts' : queue, message, isWindow ? paymentWindowMs : delayMs, isPrompt);
    }
  }

  function send(queue: string, message: Message, delayMs: number, isPrompt: boolean): void {
    if (!consumers.has(queue)) return;
    at(delayMs + (isPrompt ? 0 : wayMs()), () => deliver(queue, message, 1));
    if (random() < duplicates) at(delayMs + wayMs(), () => deliver(queue, message, 1));
  }

  async function deliver(queue: string, message: Message, tries: number): Promise<void> {
    const found = consumers.get(queue);
    if (!found) throw new Error(`nobody reads ${queue}`);
    const { name: by, consumer } = found;
    handling = { by, on: typeOf(message) };
    seen.add(`${by}: ${handling.on}`);
    try {
      const body = await parsePayload(message, consumer.schema);
      await consumer.handle({ body, message, log: silentLog, redelivered: tries > 1 });
    } catch (error) {
      settle(error, queue, message, tries);
    } finally {
      relay();
      handling = undefined;
    }
  }

  /** As the record loop does it, but for what nobody has thought of: that ends the test. */
  function settle(error: unknown, queue: string, message: Message, tries: number): void {
    const mayPass = error instanceof RetryableError || error instanceof KilledError;
    if (!mayPass && !(error instanceof PermanentError)) throw error;
    if (!mayPass || tries > mostTries) {
      letters.push({ queue, problem: `${error}` });
      return;
    }
    const delaySeconds = error instanceof RetryableError ? (error.delaySeconds ?? 0) : 0;
    at(delaySeconds * 1_000 + random() * minuteMs, () => deliver(queue, message, tries + 1));
  }

  /** All rows that are there, each at least once. */
  function relay(): void {
    for (const outbox of outboxes) {
      for (const { message, delayMs } of outbox.splice(0)) {
        publish(message, delayMs);
        if (random() < duplicates) publish(message, delayMs);
      }
    }
  }

  return {
    letters,
    seen,
    now: () => new Date(nowMs),
    at,
    publish,
    relay,
    consume: (name: string, consumer: AnyConsumer) => consumers.set(consumer.queue, { name, consumer }),
    relayFrom: (outbox: OutboxMessage[]) => outboxes.push(outbox),
    waiting,
    /** Until nothing waits any more, or so long: what hangs looks after itself for ever. */
    async run(longestMs: number): Promise<void> {
      while (waiting.size > 0) {
        const tick = Math.min(...waiting.keys());
        if (tick * tickMs > startMs + longestMs) return;
        const acts = waiting.get(tick) ?? [];
        waiting.delete(tick);
        nowMs = Math.max(nowMs, tick * tickMs);
        for (const act of shuffled(acts, random)) await act();
      }
    },
  };
}

function typeOf({ properties: { type = '' } }: Message): string {
  return type;
}

export type SimulatedBroker = ReturnType<typeof createSimulatedBroker>;
