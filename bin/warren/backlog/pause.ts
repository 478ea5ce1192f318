import { type ExitStatus, printJson } from '../io.ts';
import { confirmed } from '../operator/confirmed.ts';
import { messages } from '../publish/count.ts';
import { findTarget, nameOf, quotedName, type Target } from './find.ts';
import { settled, statesOf } from './settled.ts';
import { span } from './spans.ts';
import { type OperatorRun, openCircuits, totalOf } from './stage.ts';

export interface ActOptions {
  readonly reason: string;
  /** Default: whose credentials these are. */
  readonly who?: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}

/** `warren pause CONSUMER|QUEUE`: its messages wait. */
export async function pause(name: string, options: ActOptions, run: OperatorRun): Promise<ExitStatus> {
  const target = await findTarget(name, run.stage);
  // One that its circuit breaker has stopped goes on by itself: paused, it does not.
  if (isAll(target, 'Disabled') && !(await hasOpenCircuit(target, run)))
    return tell(target, 'is paused already', options, run);
  if (!(await confirmed(pauseQuestion(target), options, run.io))) return tell(target, 'is left as it is', options, run);
  return act(target, 'pause', options, run);
}

/** `warren resume CONSUMER|QUEUE` */
export async function resume(name: string, options: ActOptions, run: OperatorRun): Promise<ExitStatus> {
  const target = await findTarget(name, run.stage);
  if (isAll(target, 'Enabled') && !(await hasOpenCircuit(target, run)))
    return tell(target, 'is not paused', options, run);
  return act(target, 'resume', options, run);
}

async function act(
  target: Target,
  name: 'pause' | 'resume',
  options: ActOptions,
  run: OperatorRun,
): Promise<ExitStatus> {
  const { consumer, mappings, part } = target;
  const { stage, io, deps } = run;
  const changed = part ? `state of ${nameOf(part)}` : 'state';
  const enabled = name === 'resume';
  const wanted = enabled ? 'Enabled' : 'Disabled';
  // First: if we do not survive the act, it is told all the same.
  await stage.audit.record({
    subject: `consumer ${consumer}`,
    act: name,
    who: options.who ?? (await stage.caller()),
    why: options.reason,
    before: { [changed]: statesOf(mappings) },
    after: { [changed]: wanted },
  });
  // From here on it is the operator's: the breaker leaves a consumer alone whose circuit is closed.
  for (const { sourceArn } of mappings) await stage.circuits.close(sourceArn);
  const interrupts = deps.listenForInterrupts(io, `Lambda goes on to ${name} it`);
  try {
    for (const { id } of mappings) await stage.mappings.change(id, { enabled });
    const ids = mappings.map(({ id }) => id);
    const after = await settled(ids, ({ state }) => state === wanted, run, interrupts.stop);
    const told = { ...target, mappings: after.mappings };
    if (after.isReached) return tell(told, enabled ? 'is resumed' : 'is paused', options, run);
    tell(told, `is still ${statesOf(after.mappings)}: npx warren queues shows when it is ${wanted}`, options, run);
    return 1;
  } finally {
    interrupts.release();
  }
}

async function hasOpenCircuit({ mappings }: Target, { stage }: OperatorRun): Promise<boolean> {
  const open = await openCircuits(stage);
  return mappings.some(({ sourceArn }) => open.has(sourceArn));
}

function isAll({ mappings }: Target, state: string): boolean {
  return mappings.every((mapping) => mapping.state === state);
}

function pauseQuestion(target: Target): string {
  const what = target.queues.map(
    (queue) =>
      `${quotedName(queue)} holds ${messages(totalOf(queue.depth))}, and SQS deletes what waits over ${span(queue.retentionSeconds)}`,
  );
  return `Pause ${whichOf(target)}, so that its messages wait? ${what.map((one) => `${one}. `).join('')}`.trim();
}

function tell(target: Target, what: string, { json }: ActOptions, { io }: OperatorRun): ExitStatus {
  const { consumer, mappings, queues } = target;
  if (json) printJson(io, { consumer, state: statesOf(mappings), queues: queues.map(({ sqsName }) => sqsName), what });
  else {
    const waiting = queues.map((queue) => `${quotedName(queue)} holds ${messages(totalOf(queue.depth))}`).join(', ');
    io.stdout.write(`${whichOf(target)} ${what}${waiting ? `; ${waiting}` : ''}.\n`);
  }
  return 0;
}

function whichOf({ consumer, part }: Target): string {
  return part ? `${quotedName(part)} of ${consumer}` : consumer;
}
