import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PublishDeps } from '../../../../bin/warren/publish/options.ts';
import type { Producer, ProducerRequest, RequestFailedError } from '../../../../bin/warren/publish/producer.ts';
import type { QueueSender } from '../../../../lambdas/shared/broker/queue-sender.ts';
import type { SendOutcome } from '../../../../lambdas/shared/broker/report.ts';
import { createPublishing } from '../../../../lambdas/shared/publishing/publishing.ts';
import { CountingMeter, silentLog } from '../../lambdas/builders.ts';
import { brokerOn } from '../../lambdas/shared/broker/broker-on-fakes.ts';
import { type Around, type Ran, warren } from '../run-warren.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'warren-publish-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a queue says of a message with that body. */
export type QueueAnswer = (body: string) => SendOutcome;

const stored: SendOutcome = { outcome: 'stored', sqsMessageId: 'sqs' };

/** The publish function's own code on queues in memory: the shop of broker-on-fakes. Remembers requests; fails those it is told to. */
export class FakeFunction implements Producer {
  readonly requests: ProducerRequest[] = [];
  /** Called before each request is published, with its number from 1. */
  onRequest: (number: number, giveUp: AbortSignal | undefined) => void | Promise<void> = () => {};
  private readonly publishing: (request: unknown) => ReturnType<Producer['publish']>;

  constructor(answer: QueueAnswer = () => stored) {
    const sender: QueueSender = {
      send: (_, messages) => Promise.all(messages.map(async ({ encode }) => answer((await encode()).MessageBody))),
    };
    this.publishing = createPublishing({
      broker: brokerOn(sender),
      outbox: { write: async (rows) => ({ outcome: 'written', rows: rows.map(() => 'written') }) },
      newEventId: () => 'not made by the command line',
      log: silentLog,
      meter: new CountingMeter(),
    });
  }

  async publish(request: ProducerRequest, giveUp?: AbortSignal) {
    this.requests.push(request);
    await this.onRequest(this.requests.length, giveUp);
    return this.publishing(request);
  }

  failsWith(error: RequestFailedError, isFailing: (number: number) => boolean = () => true): this {
    this.onRequest = (number) => {
      if (isFailing(number)) throw error;
    };
    return this;
  }

  /** Of every request, in order. */
  get payloads(): unknown[] {
    return this.requests.flatMap(({ messages }) => messages.map(({ payload }) => payload));
  }

  /** Payload → event id. */
  get eventIds(): ReadonlyMap<unknown, unknown> {
    return new Map(
      this.requests.flatMap(({ messages }) =>
        messages.map(({ payload, properties }) => [payload, Object(properties).message_id] as const),
      ),
    );
  }
}

export interface World extends Around {
  readonly fn?: FakeFunction;
  readonly stop?: AbortController;
  readonly giveUp?: AbortController;
  /** In milliseconds. */
  readonly now?: () => number;
}

let ids = 0;

/** `warren publish --stage dev …`; event ids are made as `made-1`, … */
export async function publish(
  args: readonly string[],
  world: World = {},
): Promise<Ran & { readonly fn: FakeFunction }> {
  const { fn = new FakeFunction(), stop = new AbortController(), giveUp = new AbortController(), ...around } = world;
  const publishing: PublishDeps = {
    reach: async () => ({ producer: fn, functionName: 'publish-function' }),
    listenForInterrupts: () => ({ stop: stop.signal, giveUp: giveUp.signal, release() {} }),
    newEventId: () => `made-${++ids}`,
    now: world.now ?? (() => 0),
  };
  return { ...(await warren(['publish', '--stage', 'dev', ...args], { ...around, publishing })), fn };
}

export interface MessagesFile {
  readonly path: string;
  /** What is not confirmed, line by line; undefined: there is no such file. */
  unconfirmed(): Record<string, unknown>[] | undefined;
}

let files = 0;

/** One message a line; text as it is. */
export function messagesFile(lines: readonly (object | string)[], ending = '\n'): MessagesFile {
  const file = path.join(folder, `messages-${++files}.jsonl`);
  writeFileSync(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)) + ending).join(''));
  return { path: file, unconfirmed: () => readLinesOf(`${file}.unconfirmed.jsonl`) };
}

export function readLinesOf(file: string): Record<string, unknown>[] | undefined {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    return undefined;
  }
}

/** For the queue `ledger`. */
export const toLedger = (payload: string, changes: object = {}) => ({
  exchange: 'payments',
  routing_key: 'ledger.x',
  payload,
  ...changes,
});

/** Refuses, or is silent about, the bodies named. */
export function answering({ refused = [], unknown = [] }: { refused?: string[]; unknown?: string[] }): QueueAnswer {
  return (body) => {
    if (refused.includes(body)) return { outcome: 'refused', reason: 'too large' };
    return unknown.includes(body) ? { outcome: 'unknown', reason: 'timeout' } : stored;
  };
}
