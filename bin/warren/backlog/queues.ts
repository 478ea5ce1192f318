import type { Surge } from '../../../lambdas/shared/audit/audit-log.ts';
import type { CircuitRow } from '../../../lambdas/shared/circuit/circuits.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { count } from '../publish/count.ts';
import { formatTable } from '../table.ts';
import { consumerOf, nameOf } from './find.ts';
import { span } from './spans.ts';
import {
  type DeployedQueue,
  type Mapping,
  type OperatorRun,
  openCircuits,
  type QueueRates,
  type Stage,
  totalOf,
} from './stage.ts';

/** One line of the list. */
interface QueueLine {
  readonly queue: DeployedQueue;
  readonly rates: QueueRates;
  readonly consumers: readonly (Mapping & {
    readonly name: string;
    readonly surge?: Surge | undefined;
    readonly circuit?: CircuitRow | undefined;
  })[];
}

/** `warren queues` */
export async function queues(
  { json }: { readonly json: boolean },
  { stage, io, deps }: OperatorRun,
): Promise<ExitStatus> {
  const [all, mappings, surges, circuits] = await Promise.all([
    stage.queues.list(),
    stage.mappings.list(),
    stage.audit.surges(),
    openCircuits(stage),
  ]);
  const rates = await ratesOrNone(stage, all, io);
  const lines = all.toSorted(byBacklog).map(
    (queue): QueueLine => ({
      queue,
      rates: rates.get(queue.sqsName) ?? {},
      consumers: mappings
        .filter(({ sourceArn }) => sourceArn === queue.arn)
        .map((mapping) => ({
          ...mapping,
          name: consumerOf(mapping, stage),
          surge: surges.find((surge) => surge.mapping === mapping.id),
          circuit: circuits.get(mapping.sourceArn),
        })),
    }),
  );
  if (json) printJson(io, { queues: lines.map(toJson) });
  else io.stdout.write(`${text(lines, deps.now()).join('\n')}\n`);
  return 0;
}

/** CloudWatch is worth a column, not the whole list. */
export async function ratesOrNone(
  { readRates }: Pick<Stage, 'readRates'>,
  queues: readonly DeployedQueue[],
  { stderr }: Pick<Io, 'stderr'>,
): Promise<ReadonlyMap<string, QueueRates>> {
  try {
    return await readRates(queues.map(({ sqsName }) => sqsName));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`warren: ages and rates are not known: ${error.message}\n`);
    return new Map();
  }
}

/** Most messages first, then most dead letters, then by name. */
function byBacklog(one: DeployedQueue, other: DeployedQueue): number {
  const backlog = totalOf(other.depth) - totalOf(one.depth);
  const letters = (other.deadLetters?.count ?? 0) - (one.deadLetters?.count ?? 0);
  return backlog || letters || (nameOf(one) < nameOf(other) ? -1 : 1);
}

function toJson({ queue, rates, consumers }: QueueLine) {
  const { address, sqsName, isFifo, depth, deadLetters } = queue;
  return {
    name: nameOf(queue),
    vhost: address?.vhost ?? null,
    queue: address?.name ?? null,
    sqsName,
    fifo: isFifo,
    ...depth,
    deadLetters: deadLetters ?? null,
    oldestSeconds: rates.oldestSeconds ?? null,
    inPerMinute: rates.inPerMinute ?? null,
    outPerMinute: rates.outPerMinute ?? null,
    consumers: consumers.map(({ name, state, maximumConcurrency, surge, circuit }) => ({
      name,
      state,
      maximumConcurrency: maximumConcurrency ?? null,
      surge: surge ? { before: surge.before, who: surge.who, why: surge.why, at: surge.at } : null,
      circuit: circuit ? { openedAt: circuit.opened_at, error: circuit.error_name, probeAt: circuit.probe_at } : null,
    })),
  };
}

const headline = [
  'QUEUE',
  'WAITING',
  'IN FLIGHT',
  'DELAYED',
  'OLDEST',
  'IN/MIN',
  'OUT/MIN',
  'DEAD LETTERS',
  'CONSUMER',
];

function text(lines: readonly QueueLine[], now: number): string[] {
  if (lines.length === 0) return ['There is no queue in this stage.'];
  return [
    ...formatTable(
      headline,
      lines.map(({ queue, rates, consumers }) => [
        nameOf(queue),
        ...depthCells(queue, rates),
        consumers.map(consumerText).join('; ') || '-',
      ]),
    ),
    ...lines.flatMap(({ consumers }) => consumers.flatMap(({ name, surge }) => (surge ? surgeText(name, surge) : []))),
    ...lines.flatMap(({ consumers }) => consumers.flatMap(({ circuit }) => (circuit ? circuitText(circuit, now) : []))),
  ];
}

function depthCells({ depth, deadLetters }: DeployedQueue, rates: QueueRates): string[] {
  return [
    count(depth.visible),
    count(depth.inFlight),
    count(depth.delayed),
    rates.oldestSeconds === undefined ? '-' : span(rates.oldestSeconds),
    perMinute(rates.inPerMinute),
    perMinute(rates.outPerMinute),
    deadLetters === undefined ? '-' : count(deadLetters.count),
  ];
}

/** `-` where nobody knows. */
export function perMinute(rate: number | undefined): string {
  return rate === undefined ? '-' : count(Math.round(rate));
}

function consumerText({ name, state, maximumConcurrency, surge, circuit }: QueueLine['consumers'][number]): string {
  const most = maximumConcurrency === undefined ? '' : `, up to ${maximumConcurrency} at once`;
  return `${name} ${state}${most}${surge ? '*' : ''}${circuit ? ', circuit open' : ''}`;
}

function surgeText(name: string, { before, during, who, why, at }: Surge): string {
  return `* ${name} has had ${during} instead of ${before} since ${at}: ${why} (${who}).`;
}

function circuitText({ consumer, error_name, opened_at, probe_at }: CircuitRow, now: number): string {
  const next = Date.parse(probe_at) <= now ? 'Its next probe is due now' : `It is probed next at ${probe_at}`;
  return `The circuit of ${consumer} is open since ${opened_at}: ${error_name}. ${next}, and it goes on when that succeeds.`;
}
