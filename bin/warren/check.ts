import {
  type Finding,
  type FindingClass,
  findingClasses,
  stopsDeployment,
} from '../../rabbitmq/definitions/finding.ts';
import { type Delay, delayLines } from '../../rabbitmq/plan/delays.ts';
import { type Plan, type QueuePlan, queuesPerStack } from '../../rabbitmq/plan/plan-topology.ts';
import type { Queue } from '../../rabbitmq/topology.ts';
import { consumedOption } from './consumed-option.ts';
import type { CommonOptions } from './definitions-commands.ts';
import { analyseFile } from './definitions-file.ts';
import { type ExitStatus, type Io, printJson } from './io.ts';
import { classStyles, painter } from './paint.ts';
import { formatTable } from './table.ts';

export interface CheckOptions extends CommonOptions {
  readonly prefix: string;
  readonly all: boolean;
}

/** `warren check FILE` */
export function check(file: string, options: CheckOptions, io: Io): ExitStatus {
  const { plan, findings, delays } = analyseFile(file, options);
  if (options.json) printJson(io, { findings, queues: queueRows(plan, delays), counts: counts(plan, findings) });
  else {
    const lines = [
      ...[file, '', ...findingLines(findings, options, io), '', ...planLines(plan), summary(plan, findings)],
      ...delayLines(delays, (queue) => consumedOption(queue, options.vhost)),
    ];
    io.stdout.write(`${lines.join('\n')}\n`);
  }
  return findings.some(stopsDeployment) ? 1 : 0;
}

function queueRows({ queues }: Plan, delays: readonly Delay[]) {
  const row = ({ vhost, name, deadLetterExchange, messageTtl, deliveryLimit }: Queue) => ({
    vhost,
    name,
    dlx: deadLetterExchange ?? null,
    ttl: messageTtl ?? null,
    deliveryLimit: deliveryLimit ?? null,
  });
  return [
    ...queues.map(({ queue, ...plan }) => ({
      ...row(queue),
      sqsName: plan.sqsName,
      type: plan.type,
      maxReceiveCount: plan.maxReceiveCount,
      delayQueue: false,
    })),
    ...delays.map(({ queue, doubts }) => ({
      ...row(queue),
      sqsName: null,
      type: null,
      maxReceiveCount: null,
      delayQueue: true,
      doubts,
    })),
  ];
}

function counts({ queues, delayQueues, topology }: Plan, findings: readonly Finding[]) {
  const byClass = Object.fromEntries(
    findingClasses.map((one) => [one, findings.filter((finding) => finding.class === one).length]),
  );
  return {
    ...byClass,
    queues: queues.length,
    delayQueues: delayQueues.length,
    exchanges: topology.exchanges.length,
    bindings: topology.bindings.length,
  };
}

/** Of one kind of finding, unless all are asked for: a thousand queues with a dot in their names are one thing to know. */
const shownOfAKind = 3;

function findingLines(findings: readonly Finding[], { all }: CheckOptions, io: Io): string[] {
  const paint = painter(io);
  return findingClasses.flatMap((kind: FindingClass) => {
    const ofClass = findings.filter((finding) => finding.class === kind);
    if (ofClass.length === 0) return [];
    const lines = [...Map.groupBy(ofClass, ({ code }) => code)].flatMap(([code, ofCode]) => {
      const shown = all ? ofCode : ofCode.slice(0, shownOfAKind);
      const hidden = ofCode.length - shown.length;
      return [
        ...shown.flatMap((finding) => findingText(finding)),
        ...(hidden > 0 ? [`  … and ${hidden} more ${code} (--all shows each)`] : []),
      ];
    });
    return [paint(classStyles[kind], `${kind} (${ofClass.length})`), ...lines, ''];
  });
}

function findingText({ code, path, line, column, message, fix }: Finding): string[] {
  const where = `${line}:${column}${path === '' ? '' : `  ${path}`}`;
  return [`  ${where}  [${code}]`, `    ${message}`, ...(/^none\.?$/.test(fix) ? [] : [`    Fix: ${fix}`])];
}

function planLines({ queues, delayQueues }: Plan): string[] {
  if (queues.length + delayQueues.length === 0) return ['No queue would be deployed.'];
  const headline = ['QUEUE', 'ON SQS', 'TYPE', 'DELIVERIES*', 'DEAD LETTERS TO**', 'TTL'];
  const rows = [
    ...queues.map(({ queue, sqsName, type, deliveryLimit }: QueuePlan) => [
      label(queue),
      sqsName,
      type,
      `${deliveryLimit + 1}${isUnlimited(queue) ? '†' : ''}`,
      ...deathOf(queue),
    ]),
    ...delayQueues.map((queue) => [label(queue), '(a delay, no queue)', '-', '-', ...deathOf(queue)]),
  ];
  return [...formatTable(headline, rows), ...footnotes(queues)];
}

function footnotes(queues: readonly QueuePlan[]): string[] {
  if (queues.length === 0) return [];
  return [
    '* after so many that failed, a message is dead',
    '** by a consumer of Warren’s; what others fail to handle so often goes to the queue’s own SQS dead-letter queue',
    ...(queues.some(({ queue }) => isUnlimited(queue))
      ? ['† without a delivery limit: RabbitMQ would redeliver for ever']
      : []),
  ];
}

function isUnlimited({ deliveryLimit }: Queue): boolean {
  return deliveryLimit === undefined;
}

function label({ vhost, name }: Queue): string {
  return vhost === '/' ? name : `${vhost}: ${name}`;
}

function deathOf({ deadLetterExchange, deadLetterRoutingKey, messageTtl }: Queue): string[] {
  const exchange = deadLetterExchange === '' ? '(default exchange)' : (deadLetterExchange ?? '-');
  return [
    deadLetterExchange === undefined || deadLetterRoutingKey === undefined
      ? exchange
      : `${exchange} ${deadLetterRoutingKey}`,
    messageTtl === undefined ? '-' : `${messageTtl} ms`,
  ];
}

function summary({ queues, delayQueues }: Plan, findings: readonly Finding[]): string {
  const stopping = findings.filter(stopsDeployment).length;
  const delays = delayQueues.length > 0 ? ` and ${counted(delayQueues.length, 'delay')}` : '';
  const what = counted(queues.length, 'queue') + delays;
  if (stopping > 0) {
    return `\n${counted(stopping, 'finding')} to resolve before a deployment. What is understood makes ${what}.`;
  }
  if (queues.length === 0) return `\nNothing stops a deployment, and it is ${what}.`;
  return `\nNothing stops a deployment: ${what}, each queue with a dead-letter queue and an alarm of its own, in ${counted(Math.ceil(queues.length / queuesPerStack), 'stack')}.`;
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
