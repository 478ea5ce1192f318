import leven from 'leven';
import { labelOf } from '../../../rabbitmq/plan/queue-label.ts';
import { formatQueueAddress } from '../../../rabbitmq/queue-address.ts';
import { UsageError } from '../io.ts';
import type { DeployedQueue, Mapping, Stage } from './stage.ts';

/** A function that messages are handed to, and by which mappings. */
export interface Target {
  /** By its folder in `lambdas/`. */
  readonly consumer: string;
  readonly mappings: readonly Mapping[];
  /** The queues they read. */
  readonly queues: readonly DeployedQueue[];
  /** The queue that was named, if its consumer has others: they are not meant. */
  readonly part?: DeployedQueue | undefined;
}

/** What people call a queue: of the default vhost its name alone, of another `VHOST/QUEUE`, of Warren's own its SQS name. */
export function nameOf({ address, sqsName }: Pick<DeployedQueue, 'address' | 'sqsName'>): string {
  if (address === undefined) return sqsName;
  return address.vhost === '/' ? address.name : formatQueueAddress(address);
}

/** `'orders'`, for a sentence. */
export function quotedName(queue: Pick<DeployedQueue, 'address' | 'sqsName'>): string {
  return queue.address ? labelOf(queue.address) : queue.sqsName;
}

/** The name of a mapping's function here; one that no output names keeps its own. */
export function consumerOf({ functionName }: Mapping, { functions }: Pick<Stage, 'functions'>): string {
  return functions.get(functionName) ?? functionName;
}

/** A queue by its name, `VHOST/QUEUE` or SQS name. Throws a `UsageError` with the nearest ones. */
export function findQueue(name: string, queues: readonly DeployedQueue[]): DeployedQueue {
  const found = queueCalled(name, queues);
  if (found) return found;
  throw new UsageError(`there is no queue '${name}' in this stage: ${meant(name, queues.map(nameOf))}`);
}

/** A consumer by its name, or that of a queue. Throws a `UsageError` with the nearest of both. */
export async function findTarget(name: string, stage: Stage): Promise<Target> {
  const [queues, all] = await Promise.all([stage.queues.list(), stage.mappings.list()]);
  const ours = all.filter(({ functionName }) => stage.functions.has(functionName));
  const mappings = ours.filter((mapping) => consumerOf(mapping, stage) === name);
  if (mappings.length > 0) return { consumer: name, mappings, queues: queuesOf(mappings, queues) };
  const queue = queueCalled(name, queues);
  if (queue) return targetOf(queue, all, stage);
  throw await nothingCalled(name, stage);
}

/** With the nearest of both. */
export async function nothingCalled(name: string, stage: Stage): Promise<UsageError> {
  const [queues, all] = await Promise.all([stage.queues.list(), stage.mappings.list()]);
  const ours = all.filter(({ functionName }) => stage.functions.has(functionName));
  const known = [...new Set(ours.map((mapping) => consumerOf(mapping, stage))), ...queues.map(nameOf)];
  return new UsageError(`there is no consumer and no queue '${name}' in this stage: ${meant(name, known)}`);
}

/**
 * What acts on it are recorded as: a queue and its consumers, whichever of them is named. `queue NAME` and `consumer NAME` are that one alone.
 * Undefined: there is neither.
 */
export async function subjectsOf(name: string, stage: Stage): Promise<readonly string[] | undefined> {
  const [, kind, bare = name] = /^(consumer|queue) (.+)$/.exec(name) ?? [];
  const [queues, mappings] = await Promise.all([stage.queues.list(), stage.mappings.list()]);
  const queue = kind === 'consumer' ? undefined : queueCalled(bare, queues);
  const own = kind === 'queue' ? [] : mappings.filter((mapping) => consumerOf(mapping, stage) === bare);
  if (queue === undefined && own.length === 0) return undefined;
  if (kind !== undefined) return [queue ? `queue ${nameOf(queue)}` : name];
  const read = own.length > 0 ? queuesOf(own, queues) : queues.filter((one) => one === queue);
  const consumers = own.length > 0 ? own : mappings.filter(({ sourceArn }) => sourceArn === queue?.arn);
  const both = [
    ...consumers.map((one) => `consumer ${consumerOf(one, stage)}`),
    ...read.map((one) => `queue ${nameOf(one)}`),
  ];
  return [...new Set(queue ? [...both, `queue ${nameOf(queue)}`] : both)];
}

/** What consumes a queue. Throws a `UsageError` when nothing does. */
export function targetOf(queue: DeployedQueue, mappings: readonly Mapping[], stage: Pick<Stage, 'functions'>): Target {
  const own = mappings.filter(({ sourceArn }) => sourceArn === queue.arn);
  const [first, ...others] = own;
  if (first === undefined) throw new UsageError(`no function consumes the queue ${quotedName(queue)}`);
  const consumer = consumerOf(first, stage);
  if (others.some((other) => consumerOf(other, stage) !== consumer))
    throw new UsageError(
      `more than one function consumes the queue ${quotedName(queue)}: name one, ${own.map((one) => consumerOf(one, stage)).join(' or ')}`,
    );
  const hasOthers = mappings.some((one) => consumerOf(one, stage) === consumer && one.sourceArn !== queue.arn);
  return { consumer, mappings: own, queues: [queue], part: hasOthers ? queue : undefined };
}

function queueCalled(name: string, queues: readonly DeployedQueue[]): DeployedQueue | undefined {
  return queues.find((queue) => nameOf(queue) === name) ?? queues.find(({ sqsName }) => sqsName === name);
}

function queuesOf(mappings: readonly Mapping[], queues: readonly DeployedQueue[]): readonly DeployedQueue[] {
  return queues.filter(({ arn }) => mappings.some(({ sourceArn }) => sourceArn === arn));
}

function meant(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'there is none at all';
  const nearest = known.toSorted((one, other) => leven(name, one) - leven(name, other)).slice(0, 3);
  return `did you mean ${nearest.join(', ')}? npx warren queues lists them`;
}
