import { quoted } from '../../../lambdas/shared/notices/plain-text.ts';
import type { QueueAddress } from '../../../rabbitmq/queue-address.ts';
import { consumerOf, findQueue, nameOf, quotedName } from '../backlog/find.ts';
import { type DeployedQueue, type OperatorRun, openCircuits, type Stage, totalOf } from '../backlog/stage.ts';
import { type ExitStatus, printJson, UsageError } from '../io.ts';
import { answerTo } from '../operator/answer.ts';
import { count, messages } from '../publish/count.ts';
import type { Interrupts } from '../publish/options.ts';
import { createProgress } from '../publish/progress.ts';
import { agrees } from './consent.ts';
import { type ParkResult, parkMessages } from './park-messages.ts';
import { liftedLimit, parkAct, type ReceiveLimit, receiveLimitOf } from './receive-limit.ts';

export interface ParkOptions {
  readonly stage: string;
  readonly reason: string;
  /** What comes meanwhile, too. */
  readonly all: boolean;
  readonly rate?: number | undefined;
  readonly settleSeconds: number;
  readonly yes: boolean;
  readonly json: boolean;
}

/** What is parked, and by what is decided when that is over. */
interface Parking {
  readonly queue: DeployedQueue & { readonly address: QueueAddress };
  readonly subject: string;
  readonly number: number;
  readonly limit: ReceiveLimit;
}

/** `warren exceptions park QUEUE`: its messages become rows, to be sent again later. Its consumer has to be paused. */
export async function park(name: string, options: ParkOptions, run: OperatorRun): Promise<ExitStatus> {
  const { stage, io } = run;
  const queue = ofTheTopology(findQueue(name, await stage.queues.list()));
  await refuseUnlessPaused(queue, stage, options.stage);
  const subject = `queue ${nameOf(queue)}`;
  const parking = { queue, subject, number: totalOf(queue.depth), limit: await receiveLimitOf(queue, subject, run) };
  if (parking.number === 0) return await nothing(parking, run);
  if (!(await agrees(question(parking, options), parking.number, { yes: options.yes, io, ask: answerTo }))) {
    io.stderr.write('Nothing was done.\n');
    return 1;
  }
  return await parkAll(parking, options, run);
}

/** Those of Warren's own hold what is on its way elsewhere. */
function ofTheTopology(queue: DeployedQueue): Parking['queue'] {
  const { address } = queue;
  if (address === undefined)
    throw new UsageError(`${queue.sqsName} is one of Warren’s own queues: what is in it goes on by itself`);
  return { ...queue, address };
}

async function refuseUnlessPaused(queue: DeployedQueue, stage: Stage, name: string): Promise<void> {
  const why = await whyNotPaused(queue, stage);
  if (why === undefined) return;
  throw new UsageError(
    `${why}; nothing was done. First: npx warren pause ${nameOf(queue)} --stage ${name} --reason '…'`,
  );
}

async function whyNotPaused(queue: DeployedQueue, stage: Stage): Promise<string | undefined> {
  const busy = (await stage.mappings.list()).find(
    ({ sourceArn, state }) => sourceArn === queue.arn && state !== 'Disabled',
  );
  if (busy)
    return `${consumerOf(busy, stage)} consumes ${quotedName(queue)} (${busy.state}), and would be handed what is parked`;
  if ((await openCircuits(stage)).has(queue.arn))
    return `the circuit breaker has stopped the consumer of ${quotedName(queue)}, and lets it go on by itself`;
  return undefined;
}

/** What a run that was killed has left is set back all the same. */
async function nothing(parking: Parking, run: OperatorRun): Promise<never> {
  if (parking.limit.isLifted)
    await setBack(parking, await operatorOf({ reason: 'sets back what a run has left' }, run), run);
  throw new UsageError(`${quotedName(parking.queue)} is empty; nothing was done`);
}

function question({ queue, number }: Parking, { all }: ParkOptions): string {
  const meanwhile = all ? ', and what comes meanwhile,' : '';
  return `${messages(number)}${meanwhile} of ${quotedName(queue)} ${number === 1 ? 'leaves' : 'leave'} the queue until sent again`;
}

async function parkAll(parking: Parking, options: ParkOptions, run: OperatorRun): Promise<ExitStatus> {
  const { stage, io, deps } = run;
  const operator = await operatorOf(options, run);
  const until = new Date(deps.now()).toISOString();
  // First: if we do not survive the act, it is told all the same, and what was there before.
  await stage.audit.record({ subject: parking.subject, ...operator, ...parkAct(parking.number, parking.limit) });
  const interrupts = deps.listenForInterrupts(io, 'the rest stays in the queue');
  let parked = 0;
  const most = options.all ? undefined : parking.number;
  const text = (seconds: number) => `${messages(parked)} parked, ${count(Math.round(parked / Math.max(1, seconds)))}/s`;
  const progress = createProgress({ stderr: io.stderr, text, total: most ?? parking.number, now: deps.now });
  try {
    await lift(parking, options, run, interrupts);
    const result = await parkMessages({
      ...run,
      queue: parking.queue,
      request: { ...operator, queue: parking.queue.address, ...(!options.all && { sent_until: until }) },
      most,
      rate: options.rate,
      settleSeconds: options.settleSeconds,
      interrupts,
      show(soFar) {
        parked = soFar;
        progress.show(soFar);
      },
    });
    progress.end();
    return tell(result, parking, options, run);
  } finally {
    progress.end();
    interrupts.release();
    await setBack(parking, operator, run);
  }
}

async function lift({ queue, limit }: Parking, options: ParkOptions, run: OperatorRun, { stop }: Interrupts) {
  if (limit.isLifted || limit.deployed === undefined || limit.deployed === liftedLimit) return;
  await run.stage.receiveLimits.set(queue, liftedLimit);
  if (options.settleSeconds > 0)
    run.io.stderr.write(`SQS takes ${options.settleSeconds} s to take over that receives do not count meanwhile.\n`);
  await run.deps.pause(options.settleSeconds * 1000, stop);
}

async function setBack(
  { queue, subject, limit: { deployed } }: Parking,
  operator: { readonly who: string; readonly why: string },
  { stage }: OperatorRun,
): Promise<void> {
  if (deployed === undefined || deployed === liftedLimit) return;
  const [before, after] = [{ maxReceiveCount: liftedLimit }, { maxReceiveCount: deployed }];
  // Nothing is worse than to leave it lifted, not even no record of it.
  await stage.receiveLimits.set(queue, deployed);
  await stage.audit.record({ subject, act: 'parking ends', ...operator, before, after });
}

async function operatorOf({ reason }: Pick<ParkOptions, 'reason'>, { stage }: OperatorRun) {
  return { who: await stage.caller(), why: reason };
}

function tell(
  result: ParkResult,
  { queue, number }: Parking,
  { json, stage }: ParkOptions,
  { io }: OperatorRun,
): ExitStatus {
  const { parked, notStored, left, stopped } = result;
  if (json) {
    printJson(io, {
      ok: stopped === undefined,
      queue: nameOf(queue),
      meant: number,
      parked,
      notStored,
      left,
      stopped: stopped ?? null,
    });
    return stopped === undefined ? 0 : 1;
  }
  const { visible, inFlight, delayed } = left;
  const is = (number: number) => `${count(number)} ${number === 1 ? 'is' : 'are'}`;
  const rest = `${count(visible)} ${visible === 1 ? 'waits' : 'wait'}, ${is(inFlight)} in flight, ${is(delayed)} delayed`;
  const lines = [
    `${messages(parked)} of ${quotedName(queue)} ${parked === 1 ? 'is' : 'are'} parked. In the queue now: ${rest}.`,
    ...(stopped === undefined ? [] : [`Stopped: ${stopped}. The same command goes on.`]),
    `Send them again: npx warren exceptions replay --stage ${stage} --state parked ${filtersOf(queue)} --reason '…'`,
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  return stopped === undefined ? 0 : 1;
}

function filtersOf({ address: { vhost, name } }: Parking['queue']): string {
  return `--queue ${quoted(name)}${vhost === '/' ? '' : ` --vhost ${quoted(vhost)}`}`;
}
