import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type {
  DeployedQueue,
  Depth,
  Mapping,
  OperatorDeps,
  QueueRates,
  Stage,
} from '../../../../bin/warren/backlog/stage.ts';
import { runWarren } from '../../../../bin/warren/program.ts';
import type { AuditLog, AuditRow, Surge } from '../../../../lambdas/shared/audit/audit-log.ts';
import type { ListedException } from '../../../../lambdas/shared/exceptions/exception-row.ts';
import {
  type ParkAnswer,
  type ParkRequest,
  parkRequestSchema,
} from '../../../../lambdas/shared/exceptions/park-contract.ts';
import { MemoryCircuits } from '../../lambdas/shared/consumer/memory-circuits.ts';

export function depthOf(visible: number, inFlight = 0, delayed = 0): Depth {
  return { visible, inFlight, delayed };
}

/** A queue of the default vhost with a dead-letter queue, and its messages. */
export function deployedQueue(name: string, visible = 0, more: Partial<DeployedQueue> = {}): DeployedQueue {
  const sqsName = `warren-dev-${name}`;
  return {
    address: { vhost: '/', name },
    url: `https://sqs/${sqsName}`,
    sqsName,
    arn: `arn:aws:sqs:eu-west-1:1:${sqsName}`,
    isFifo: false,
    retentionSeconds: 345_600,
    depth: depthOf(visible),
    deadLetters: { sqsName: `${sqsName}-dlq`, count: 0 },
    ...more,
  };
}

/** Hands the queue's messages to the function that is called `fn-<consumer>` in AWS. */
export function mappingOf(consumer: string, queue: DeployedQueue, more: Partial<Mapping> = {}): Mapping {
  return {
    id: `mapping-of-${queue.sqsName}`,
    functionName: `fn-${consumer}`,
    sourceArn: queue.arn,
    state: 'Enabled',
    maximumConcurrency: 10,
    ...more,
  };
}

export class MemoryAuditLog implements AuditLog {
  readonly rows: AuditRow[] = [];
  readonly inForce = new Map<string, Surge>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  async record(act: Omit<AuditRow, 'at'>): Promise<void> {
    this.rows.push({ ...act, at: new Date(this.now()).toISOString() });
  }

  async list(subject?: string): Promise<readonly AuditRow[]> {
    return this.rows.filter((row) => subject === undefined || row.subject === subject);
  }

  async openSurge(surge: Omit<Surge, 'at'>): Promise<boolean> {
    if (this.inForce.has(surge.subject)) return false;
    this.inForce.set(surge.subject, { ...surge, at: new Date(this.now()).toISOString() });
    return true;
  }

  async surges(): Promise<readonly Surge[]> {
    return [...this.inForce.values()];
  }

  async closeSurge(subject: string): Promise<void> {
    this.inForce.delete(subject);
  }
}

/** A stage whose clock goes on only while something pauses. */
export class MemoryStage implements Stage {
  time = Date.parse('2026-11-27T03:00:00Z');
  deployed: DeployedQueue[];
  all: Mapping[];
  readonly rates = new Map<string, QueueRates>();
  readonly rows: ListedException[] = [];
  readonly reserved = new Map<string, number>();
  readonly audit = new MemoryAuditLog(() => this.time);
  readonly circuits = new MemoryCircuits();
  readonly functions: Map<string, string>;
  readonly stop = new AbortController();
  /** Called after each pause. */
  onPause: () => void = () => {};
  /** Pauses until Lambda has carried out a change. */
  lambdaTakes = 0;
  private readonly pending: { mapping: Mapping; left: number }[] = [];

  constructor(queues: readonly DeployedQueue[], mappings: readonly Mapping[]) {
    this.deployed = [...queues];
    this.all = [...mappings];
    this.functions = new Map(mappings.map(({ functionName }) => [functionName, functionName.replace(/^fn-/, '')]));
  }

  readonly caller = async (): Promise<string> => 'arn:aws:iam::1:user/ada';

  readonly queues = {
    list: async () => this.deployed,
    depth: async ({ url }: Pick<DeployedQueue, 'url'>) => this.queue(url).depth,
  };

  readonly readRates = async (): Promise<ReadonlyMap<string, QueueRates>> => this.rates;

  readonly mappings = {
    list: async () => this.all,
    get: async (id: string) => this.mapping(id),
    change: async (id: string, change: { enabled?: boolean; maximumConcurrency?: number }) => {
      const { enabled, maximumConcurrency } = change;
      const before = this.mapping(id);
      const state = enabled === undefined ? before.state : enabled ? 'Enabled' : 'Disabled';
      const mapping = { ...before, state, maximumConcurrency: maximumConcurrency ?? before.maximumConcurrency };
      this.put({ ...mapping, state: this.lambdaTakes > 0 ? 'Updating' : state });
      if (this.lambdaTakes > 0) this.pending.push({ mapping, left: this.lambdaTakes });
    },
    reservedConcurrency: async (functionName: string) => this.reserved.get(functionName),
  };

  /** By URL of their queue. */
  readonly limits = new Map<string, number>();
  readonly receiveLimits = {
    get: async ({ url }: Pick<DeployedQueue, 'url'>) => this.limits.get(url),
    set: async ({ url }: Pick<DeployedQueue, 'url'>, limit: number) => void this.limits.set(url, limit),
  };

  readonly parkRequests: ParkRequest[] = [];
  /** What becomes of each request to park. */
  onPark: (request: ParkRequest) => Partial<ParkAnswer> | Promise<Partial<ParkAnswer>> = ({ queue, most }) => {
    const { visible } = this.deployed.find(({ address }) => address?.name === queue.name)?.depth ?? depthOf(0);
    const parked = Math.min(most, visible);
    this.setDepth(queue.name, depthOf(visible - parked));
    return { parked };
  };
  readonly park = async (request: ParkRequest): Promise<ParkAnswer> => {
    this.parkRequests.push(parkRequestSchema.parse(request));
    return { parked: 0, later: 0, not_stored: 0, ...(await this.onPark(request)) };
  };

  readonly exceptions = {
    find: async function* (this: MemoryStage, query: object) {
      const { place, since = '' } = query as { place?: string; since?: string };
      yield* this.rows.filter((row) => row.place === place && row.last_at >= since);
    }.bind(this),
  };

  setDepth(name: string, depth: Depth): void {
    this.deployed = this.deployed.map((queue) => (queue.address?.name === name ? { ...queue, depth } : queue));
  }

  mapping(id: string): Mapping {
    const found = this.all.find((mapping) => mapping.id === id);
    if (!found) throw new Error(`There is no mapping ${id}.`);
    return found;
  }

  get deps(): OperatorDeps {
    return {
      reach: async () => this,
      listenForInterrupts: () => ({ stop: this.stop.signal, giveUp: new AbortController().signal, release() {} }),
      pause: async (milliseconds) => {
        this.time += milliseconds;
        for (const one of this.pending) if (--one.left === 0) this.put(one.mapping);
        this.onPause();
      },
      now: () => this.time,
    };
  }

  private put(mapping: Mapping): void {
    this.all = this.all.map((one) => (one.id === mapping.id ? mapping : one));
  }

  private queue(url: string): DeployedQueue {
    const found = this.deployed.find((queue) => queue.url === url);
    if (!found) throw new Error(`There is no queue ${url}.`);
    return found;
  }
}

export interface Answered {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `warren <args> --stage dev`. `typed`: what a person answers on a terminal; absent, there is none. */
export async function operate(stage: MemoryStage, args: readonly string[], typed?: string): Promise<Answered> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const read = Promise.all([text(out), text(err)]);
  const refuse = async () => {
    throw new Error('Not implemented');
  };
  const stdin = Object.assign(Readable.from(typed === undefined ? [] : [typed]), { isTTY: typed !== undefined });
  const status = await runWarren(
    [...args, '--stage', 'dev'],
    { stdin, stdout: out, stderr: err },
    {
      publishing: refuse,
      operating: async () => stage.deps,
      sending: refuse,
    },
  );
  out.end();
  err.end();
  const [stdout, stderr] = await read;
  return { status, stdout, stderr };
}
