import { z } from 'zod';
import { seededRandom } from '../../../../../bin/warren/random.ts';
import type { Sendable } from '../../../../../lambdas/shared/broker/batches.ts';
import { createBroker } from '../../../../../lambdas/shared/broker/broker.ts';
import type { SendOutcome } from '../../../../../lambdas/shared/broker/report.ts';
import { createCircuit } from '../../../../../lambdas/shared/consumer/circuit.ts';
import { createRecordLoop } from '../../../../../lambdas/shared/consumer/record-loop.ts';
import { type PartitionTimes, partitionTimes } from '../../../../../lambdas/shared/partitions/assignment.ts';
import { createAssignmentReader } from '../../../../../lambdas/shared/partitions/assignment-reader.ts';
import { createSendMarkers } from '../../../../../lambdas/shared/partitions/markers.ts';
import { createPartitionGuard, type PartitionGuard } from '../../../../../lambdas/shared/partitions/partition-guard.ts';
import { createPartitionedDispatch } from '../../../../../lambdas/shared/partitions/partitioned-dispatch.ts';
import type { Progress, ResizeDeps } from '../../../../../lambdas/shared/partitions/resize.ts';
import { isMarker } from '../../../../../lambdas/shared/partitions/stamp.ts';
import type { Place } from '../../../../../rabbitmq/partitions/ring.ts';
import { bodyBytesLimits } from '../../../../../rabbitmq/publishing/publish.ts';
import { noClaims } from '../../../../support/no-claims.ts';
import { noDelays } from '../../../../support/no-delays.ts';
import { ringOf, shards } from '../../../rabbitmq/partitions/rings.ts';
import { CountingMeter, lambdaContext, message, recordOf, silentLog } from '../../builders.ts';
import { MemoryCircuits } from '../consumer/memory-circuits.ts';
import { MemoryFailures } from '../consumer/record-loop-on-fakes.ts';
import { MemoryFifoQueue } from './memory-fifo-queue.ts';
import { MemoryPartitionStore } from './memory-partition-store.ts';
import { VirtualClock } from './virtual-clock.ts';

const schema = z.object({ key: z.string(), n: z.int() });

export interface SimulationOptions {
  readonly seed: number;
  readonly messages: number;
  readonly keys: number;
  /** What each side believes of time. Default: as it is deployed. */
  readonly publishersTimes?: PartitionTimes;
  readonly commandsTimes?: PartitionTimes;
  /** Instead of the guard that is. */
  readonly guard?: (guard: PartitionGuard) => PartitionGuard;
  /** Which of the markers of a step are sent. Default: all. */
  readonly marked?: (place: Place) => boolean;
}

const partitions = 8;

/** Publishers, FIFO queues and consumers of an exchange with eight partitions, four of them in use, in memory and in a time of their own. */
export function simulate({ seed, messages, keys, marked = () => true, ...options }: SimulationOptions) {
  const random = seededRandom(seed);
  const clock = new VirtualClock();
  const between = (least: number, most: number): Promise<void> => clock.sleep(least + random() * (most - least));
  const isChance = (share: number): boolean => random() < share;
  const on = shards(
    Array.from({ length: partitions }, () => 1),
    4,
  );
  const ring = ringOf(on);
  const queues = new Map(
    ring.queues.map((name) => [name, new MemoryFifoQueue(name, () => clock.now().getTime(), random)] as const),
  );
  const store = new MemoryPartitionStore(() => between(1, 40));
  const handled = new Map<string, number[]>();
  const buried: string[] = [];
  const counts = { deaths: 0, failures: 0, unknown: 0, published: 0, commandDeaths: 0, moved: 0 };
  const state = { isCalm: false, isOver: false };
  const done = new Set<string>();
  const first = new Map<string, string>();

  /** Slow now and then, and its answer may get lost. */
  const sender = {
    async send(url: string, sendables: readonly Sendable[], deadline?: AbortSignal): Promise<SendOutcome[]> {
      const outcomes: SendOutcome[] = [];
      for (const { encode } of sendables) {
        await between(1, isChance(0.01) ? 9_000 : 30);
        if (deadline?.aborted) {
          outcomes.push({ outcome: 'refused', reason: 'the time was up' });
          continue;
        }
        queues.get(url)?.send(await encode());
        const isLost = isChance(0.01);
        outcomes.push(isLost ? { outcome: 'unknown', reason: 'lost' } : { outcome: 'stored', sqsMessageId: 'x' });
      }
      return outcomes;
    },
  };

  function publisher() {
    // No two clocks of publishers, consumers and the command differ by more than the second that is allowed.
    const skewMs = (random() - 0.5) * 900;
    const now = () => clock.now(skewMs);
    const times = options.publishersTimes ?? partitionTimes;
    const reader = createAssignmentReader({ ring, initial: 4, store, times, now });
    const partitions = createPartitionedDispatch({
      partitioned: [{ ring, reader }],
      times,
      now,
      sleep: (ms) => clock.sleep(ms),
      timeout: (ms) => clock.timeout(ms),
    });
    return createBroker({
      topology: on,
      queueUrl: ({ name }) => name,
      sender,
      delays: noDelays,
      claims: noClaims,
      gate: async (copies) => copies.map(() => 'store'),
      partitions,
      maxBodyBytes: bodyBytesLimits.usual,
      now,
      random,
    });
  }

  /** Publishes what is next of a key, by any publisher, until it is confirmed: only then there is a next one. */
  async function produce(publishers: readonly ReturnType<typeof publisher>[], own: readonly string[]): Promise<void> {
    const next = new Map(own.map((key) => [key, 1]));
    while (next.size > 0 && !state.isOver) {
      const names = [...next.keys()];
      const key = names[Math.floor(random() * names.length)] ?? '';
      const n = next.get(key) ?? 1;
      const most = Math.ceil(messages / keys);
      const some = Array.from({ length: Math.min(1 + Math.floor(random() * 3), most - n + 1) }, (_, at) =>
        message({
          exchange: 'shards',
          routingKeys: [key],
          properties: { message_id: `${key} ${n + at}` },
          payload: JSON.stringify({ key, n: n + at }),
        }),
      );
      for (let unconfirmed = some; unconfirmed.length > 0; ) {
        const by = publishers[Math.floor(random() * publishers.length)];
        const answers = (await by?.publish(unconfirmed)) ?? [];
        const firstBad = answers.findIndex(({ confirm }) => confirm !== 'ack');
        if (firstBad !== -1) counts.unknown += 1;
        unconfirmed = firstBad === -1 ? [] : unconfirmed.slice(firstBad);
      }
      counts.published += some.length;
      if (n + some.length > most) next.delete(key);
      else next.set(key, n + some.length);
      await between(0, 250_000 / (messages / publishers.length));
    }
  }

  async function consume(name: string): Promise<void> {
    const queue = queues.get(name);
    if (!queue) throw new Error(`no queue ${name}`);
    let die = (): void => {};
    const skewMs = (random() - 0.5) * 900;
    const now = () => clock.now(skewMs);
    const reader = createAssignmentReader({ ring, initial: 4, store, times: partitionTimes, now });
    const source = { vhost: '/', name, type: 'quorum', singleActiveConsumer: true } as const;
    const guard = createPartitionGuard({ queue: source, ring, reader, store });
    const consumer = {
      queue: name,
      schema,
      businessKey: ({ key, n }: z.infer<typeof schema>) => `${key} ${n}`,
      comparable: () => [],
      async handle({ body: { key, n } }: { readonly body: z.infer<typeof schema> }) {
        await between(1, 30);
        if (!state.isCalm && isChance(0.02)) {
          counts.failures += 1;
          throw new Error('not now');
        }
        const before = handled.get(key) ?? [];
        // The inner door: its write is conditional.
        if (!before.includes(n)) handled.set(key, [...before, n]);
        if (first.get(key) !== undefined && first.get(key) !== name) counts.moved += 1;
        first.set(key, name);
        if (!state.isCalm && isChance(0.003)) {
          die();
          await new Promise(() => {});
        }
      },
    };
    const loop = createRecordLoop(consumer, {
      queue: source,
      dialect: '4.3',
      idempotency: {
        startInvocation() {},
        async once({ businessKey }, work) {
          if (done.has(businessKey)) return false;
          await work();
          done.add(businessKey);
          return true;
        },
      },
      bury: async ({ properties }) => {
        buried.push(properties.message_id);
        return 'exception';
      },
      keepAtLastChance: async () => false,
      resolveReplay: async () => {},
      failures: new MemoryFailures(),
      deliveryLimit: 1000,
      maxReceives: 1000,
      claims: noClaims,
      receipts: {
        hide: async ({ receiptHandle }, seconds) => queue.hide(receiptHandle, seconds),
        remove: async ({ receiptHandle }) => queue.delete(receiptHandle),
        sendAnew: async () => {},
      },
      circuit: createCircuit({
        circuits: new MemoryCircuits(),
        queue: name,
        consumer: 'shards',
        opensAfter: 0,
        firstProbeSeconds: 60,
        now,
        log: silentLog,
      }),
      partition: options.guard?.(guard) ?? guard,
      retrySeconds: { min: 1, max: 5 },
      now,
      log: silentLog,
      meter: new CountingMeter(),
    });
    while (!state.isOver) {
      const records = queue.receive(10, 60_000);
      if (records.length === 0) {
        await between(100, 1_000);
        continue;
      }
      const death = new Promise<'died'>((died) => {
        die = () => died('died');
      });
      const answer = await Promise.race([loop({ Records: records }, lambdaContext(30_000)), death]);
      if (answer === 'died') {
        counts.deaths += 1;
        await between(100, 5_000);
      } else {
        const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        // Nothing is deleted when the function dies before its answer is there.
        const isLost = !state.isCalm && isChance(0.005);
        for (const { messageId, receiptHandle } of records)
          if (!failed.has(messageId) && !isLost) queue.delete(receiptHandle);
      }
      if (!state.isCalm && isChance(0.01)) await between(5_000, 40_000);
    }
  }

  const sendMarkers = createSendMarkers({
    sender: {
      async send(url, sendables) {
        for (const { encode } of sendables) queues.get(url)?.send(await encode());
        return sendables.map(() => ({ outcome: 'stored', sqsMessageId: 'marker' }));
      },
    },
    queueUrl: ({ name }) => name,
  });
  const progress: Progress[] = [];
  const command: ResizeDeps = {
    ring: { ...ring, left: (before, after) => ring.left(before, after).filter(marked) },
    initial: 4,
    store,
    sendMarkers,
    times: options.commandsTimes ?? partitionTimes,
    now: () => clock.now(),
    sleep: (ms) => clock.sleep(ms),
    report: (one) => void progress.push(one),
  };

  /** Runs it again whenever it died, which it does at any of its steps. */
  async function untilItEnds(work: (deps: ResizeDeps) => Promise<unknown>): Promise<void> {
    for (let share = 0.1; ; share /= 1.2) {
      const mayDie = async (): Promise<void> => {
        if (!isChance(share)) return;
        counts.commandDeaths += 1;
        throw new CommandDied();
      };
      try {
        return void (await work(dying(command, mayDie)));
      } catch (error) {
        if (!(error instanceof CommandDied)) throw error;
        await between(0, 20_000);
      }
    }
  }

  const names = Array.from({ length: keys }, (_, at) => `key-${at}`);
  const publishers = Array.from({ length: 4 }, publisher);
  const producers = Promise.all(
    publishers.map((_, at) =>
      produce(
        publishers,
        names.filter((__, of) => of % publishers.length === at),
      ),
    ),
  );
  const consumers = [...queues.keys()].flatMap((name) => [consume(name), consume(name)]);

  return {
    clock,
    queues,
    store,
    command,
    counts,
    handled,
    buried,
    progress,
    untilItEnds,
    loseMarkers: () => [...queues.values()].forEach((queue) => queue.lose((one) => isMarker(recordOf(one)))),
    /** Plays the plan while messages are published, then until all is handled, for at most so long. */
    async play(plan: () => Promise<void>, mostMs = 3_600_000): Promise<void> {
      const outcome: { isPlayed: boolean; error?: unknown } = { isPlayed: false };
      Promise.all([plan(), producers]).then(
        () => Object.assign(outcome, { isPlayed: true }),
        (error: unknown) => Object.assign(outcome, { isPlayed: true, error }),
      );
      await clock.run(() => outcome.isPlayed, mostMs);
      state.isCalm = true;
      if (outcome.error !== undefined) throw outcome.error;
      await clock.run(() => [...queues.values()].every(({ size }) => size === 0), mostMs);
      state.isOver = true;
      await clock.run(() => true, 0);
      void consumers;
    },
    /** Keys whose messages were not handled in their order, or not all of them. */
    outOfOrder: () =>
      names.filter(
        (key) =>
          (handled.get(key) ?? []).join() !== [...Array(Math.ceil(messages / keys)).keys()].map((n) => n + 1).join(),
      ),
  };
}

class CommandDied extends Error {}

function dying(deps: ResizeDeps, mayDie: () => Promise<void>): ResizeDeps {
  const { store } = deps;
  return {
    ...deps,
    store: {
      read: async (...args) => (await mayDie(), await store.read(...args)),
      async write(...args) {
        await mayDie();
        const written = await store.write(...args);
        await mayDie();
        return written;
      },
      noteDrained: (...args) => store.noteDrained(...args),
      forget: async (...args) => (await mayDie(), await store.forget(...args)),
    },
    async sendMarkers(exchange, version, places) {
      await mayDie();
      await deps.sendMarkers(exchange, version, places.slice(0, Math.ceil(places.length / 2)));
      await mayDie();
      await deps.sendMarkers(exchange, version, places);
      await mayDie();
    },
  };
}
