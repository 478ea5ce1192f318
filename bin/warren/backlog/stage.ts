import type { AuditLog } from '../../../lambdas/shared/audit/audit-log.ts';
import type { CircuitRow, Circuits } from '../../../lambdas/shared/circuit/circuits.ts';
import type { ExceptionStore } from '../../../lambdas/shared/exceptions/exception-store.ts';
import type { ParkAnswer, ParkRequest } from '../../../lambdas/shared/exceptions/park-contract.ts';
import type { QueueAddress } from '../../../rabbitmq/queue-address.ts';
import type { Io } from '../io.ts';
import type { Interrupts } from '../publish/options.ts';

/** Messages of an SQS queue, by its own approximate counts. */
export interface Depth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** All that is in a queue. */
export function totalOf({ visible, inFlight, delayed }: Depth): number {
  return visible + inFlight + delayed;
}

/** An SQS queue of the stage. */
export interface DeployedQueue {
  /** Of its RabbitMQ queue. Absent: it is one of Warren's own. */
  readonly address?: QueueAddress | undefined;
  readonly url: string;
  readonly sqsName: string;
  readonly arn: string;
  readonly isFifo: boolean;
  /** How long SQS keeps a message. */
  readonly retentionSeconds: number;
  readonly depth: Depth;
  /** The SQS queue that its redrive policy moves messages to. */
  readonly deadLetters?: { readonly sqsName: string; readonly count: number } | undefined;
}

/** The queues of a stage. An implementation MUST NOT receive a message: that counts as a delivery. */
export interface Queues {
  /** All but dead-letter queues, which stand beside their sources. */
  list(): Promise<readonly DeployedQueue[]>;
  depth(queue: Pick<DeployedQueue, 'url'>): Promise<Depth>;
}

/** What CloudWatch knows of a queue; a local AWS knows nothing. */
export interface QueueRates {
  readonly oldestSeconds?: number | undefined;
  readonly inPerMinute?: number | undefined;
  readonly outPerMinute?: number | undefined;
}

/** By SQS names. */
export type ReadRates = (sqsNames: readonly string[]) => Promise<ReadonlyMap<string, QueueRates>>;

/** What hands messages to a function. */
export interface Mapping {
  /** Its UUID. */
  readonly id: string;
  readonly functionName: string;
  readonly sourceArn: string;
  /** Lambda's word: Enabled, Disabled, or on its way: Creating, Enabling, Disabling, Updating. */
  readonly state: string;
  readonly maximumConcurrency?: number | undefined;
}

export interface MappingChange {
  readonly enabled?: boolean;
  readonly maximumConcurrency?: number;
}

export interface Mappings {
  list(): Promise<readonly Mapping[]>;
  get(id: string): Promise<Mapping>;
  /** May return before Lambda has carried it out: `get` tells by the state. */
  change(id: string, change: MappingChange): Promise<void>;
  /** Undefined: the function has none. */
  reservedConcurrency(functionName: string): Promise<number | undefined>;
}

/** After how many receives SQS moves a message of a queue to its dead-letter queue. */
export interface ReceiveLimits {
  /** Undefined: never. */
  get(queue: Pick<DeployedQueue, 'url'>): Promise<number | undefined>;
  /** Of a queue that has one. SQS takes up to a minute to go by it (SQS API reference, SetQueueAttributes). */
  set(queue: Pick<DeployedQueue, 'url'>, limit: number): Promise<void>;
}

/** What became of the messages that were to be parked is not known; asking again is harmless. */
export class ParkNotAnsweredError extends Error {
  override readonly name = 'ParkNotAnsweredError';
}

/** A deployed stage, as operators see it. */
export interface Stage {
  readonly queues: Queues;
  readonly mappings: Mappings;
  readonly readRates: ReadRates;
  readonly audit: AuditLog;
  readonly receiveLimits: ReceiveLimits;
  /** Throws a `ParkNotAnsweredError`. */
  readonly park: (request: ParkRequest, giveUp: AbortSignal) => Promise<ParkAnswer>;
  readonly exceptions: Pick<ExceptionStore, 'find'>;
  readonly circuits: Pick<Circuits, 'all' | 'close'>;
  /** Name in AWS → what it is called here, by its folder in `lambdas/`. */
  readonly functions: ReadonlyMap<string, string>;
  /** Whose credentials these are. */
  readonly caller: () => Promise<string>;
}

/** Of the consumers that take no messages because what they need is down, by the ARN of their queue. */
export async function openCircuits({ circuits }: Pick<Stage, 'circuits'>): Promise<ReadonlyMap<string, CircuitRow>> {
  const open = new Map<string, CircuitRow>();
  for await (const row of circuits.all()) open.set(row.source, row);
  return open;
}

/** What the commands of operators need of the world. */
export interface OperatorDeps {
  /** Throws a `UsageError` that says what to do when there is no such stage. */
  readonly reach: (stage: string) => Promise<Stage>;
  readonly listenForInterrupts: (io: Pick<Io, 'stderr'>, whatOfTheRest: string) => Interrupts;
  readonly pause: (milliseconds: number, stop?: AbortSignal) => Promise<void>;
  /** In milliseconds. */
  readonly now: () => number;
}

/** What a command works with. */
export interface OperatorRun {
  readonly stage: Stage;
  readonly io: Io;
  readonly deps: OperatorDeps;
}
