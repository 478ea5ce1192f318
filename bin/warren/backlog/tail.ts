import type { ListedException } from '../../../lambdas/shared/exceptions/exception-row.ts';
import { type ExitStatus, printJson } from '../io.ts';
import { count } from '../publish/count.ts';
import { findQueue, nameOf, quotedName } from './find.ts';
import { createOpenedExceptions } from './opened-exceptions.ts';
import { perMinute, ratesOrNone } from './queues.ts';
import { span } from './spans.ts';
import type { DeployedQueue, Depth, OperatorRun, QueueRates } from './stage.ts';

export interface TailOptions {
  readonly once: boolean;
  readonly everyMs: number;
  readonly json: boolean;
}

/** What can be seen of a queue without taking a message out of it. */
interface Look {
  readonly at: string;
  readonly depth: Depth;
  readonly rates: QueueRates;
  readonly exceptions: readonly ListedException[];
}

/** CloudWatch writes once a minute. */
const ratesEveryMs = 60_000;

/** `warren tail QUEUE`: never receives, so that no delivery is counted. Until Ctrl-C, or once. */
export async function tail(name: string, options: TailOptions, run: OperatorRun): Promise<ExitStatus> {
  const { stage, io, deps } = run;
  const queue = findQueue(name, await stage.queues.list());
  if (!options.json) io.stderr.write(`${introduction(queue)}\n`);
  const interrupts = deps.listenForInterrupts(io, 'nothing was changed');
  const look = createLook(queue, run);
  try {
    tell(await look(queue.depth), queue, options, run);
    while (!options.once) {
      await deps.pause(options.everyMs, interrupts.stop);
      if (interrupts.stop.aborted) break;
      tell(await look(await stage.queues.depth(queue)), queue, options, run);
    }
    return 0;
  } finally {
    interrupts.release();
  }
}

function introduction(queue: DeployedQueue): string {
  const name = quotedName(queue);
  return `SQS shows no message without receiving it, and a receive counts as a delivery: here are the counts of ${name}, and its exceptions as they open.`;
}

function createLook(queue: DeployedQueue, { stage, io, deps }: OperatorRun) {
  const opened = createOpenedExceptions(queue, stage);
  let [next, rates]: [number, QueueRates] = [0, {}];
  return async (depth: Depth): Promise<Look> => {
    const now = deps.now();
    if (now >= next) {
      next = now + ratesEveryMs;
      rates = (await ratesOrNone(stage, [queue], io)).get(queue.sqsName) ?? {};
    }
    return { at: new Date(now).toISOString(), depth, rates, exceptions: await opened(now) };
  };
}

/** On a list, the newest; `--json` tells of all. */
const shown = 20;

function tell(look: Look, queue: DeployedQueue, { json }: TailOptions, { io }: OperatorRun): void {
  const { at, depth, rates, exceptions } = look;
  if (json) {
    printJson(io, { at, queue: nameOf(queue), ...depth, ...ratesOf(rates), exceptions });
    return;
  }
  const hidden = exceptions.length - shown;
  const lines = [
    countsLine(look),
    ...(hidden > 0 ? [`  … ${count(hidden)} older open exceptions: npx warren exceptions list`] : []),
    ...exceptions.slice(-shown).map(exceptionLine),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
}

function ratesOf({ oldestSeconds, inPerMinute, outPerMinute }: QueueRates) {
  return {
    oldestSeconds: oldestSeconds ?? null,
    inPerMinute: inPerMinute ?? null,
    outPerMinute: outPerMinute ?? null,
  };
}

function countsLine({ at, depth, rates }: Look): string {
  const oldest = rates.oldestSeconds === undefined ? '-' : span(rates.oldestSeconds);
  return [
    at,
    `waiting ${count(depth.visible)}`,
    `in flight ${count(depth.inFlight)}`,
    `delayed ${count(depth.delayed)}`,
    `oldest ${oldest}`,
    `in ${perMinute(rates.inPerMinute)}/min`,
    `out ${perMinute(rates.outPerMinute)}/min`,
  ].join('  ');
}

function exceptionLine(row: ListedException): string {
  const { last_at, event_id, reason, error_name, error_message, business_key, occurrences } = row;
  const key = business_key === undefined ? '' : ` ${business_key}`;
  return `  exception ${event_id}${key}  ${last_at}  ${reason}, ${occurrences}×: ${error_name}: ${error_message}`;
}
