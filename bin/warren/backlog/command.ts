import { type Command, InvalidArgumentError } from 'commander';
import { type ExitStatus, type Io, UsageError } from '../io.ts';
import { givenText, parseReason, parseWho } from '../operator/given-text.ts';
import { inStage } from '../operator/in-stage.ts';
import { audit } from './audit.ts';
import { type ActOptions, pause, resume } from './pause.ts';
import { queues } from './queues.ts';
import { restore } from './restore.ts';
import type { OperatorDeps, OperatorRun } from './stage.ts';
import { surge } from './surge.ts';
import { tail } from './tail.ts';

interface Around {
  readonly io: Io;
  /** Asked for when a stage is looked at. */
  readonly deps: () => Promise<OperatorDeps>;
  readonly done: (status: ExitStatus) => void;
}

interface Typed {
  readonly stage: string;
  readonly json: boolean;
}

/** `warren queues`, `tail`, `pause`, `resume`, `surge` and `audit`. */
export function addBacklog(program: Command, around: Around): void {
  const { done } = around;

  inStage(program.command('queues'))
    .summary('every queue: what waits, how old, who consumes it')
    .description('Lists the queues of a stage, most messages first, each with its dead-letter queue and its consumer.')
    .addHelpText('after', readingHelp)
    .action(async (typed: Typed) => done(await queues(typed, await reach(typed, around))));

  inStage(program.command('tail'))
    .summary('watch one queue, without receiving from it')
    .description(
      'Shows the counts of a queue every few seconds, and its exceptions as they open. SQS shows no message without receiving it, and a receive counts as a delivery: so no message is shown.',
    )
    .argument('<queue>', queueText)
    .option('--once', 'one look', false)
    .option('--every <seconds>', everyText, seconds, 5)
    .addHelpText('after', readingHelp)
    .action(async (queue: string, typed: Typed & { once: boolean; every: number }) =>
      done(await tail(queue, { ...typed, everyMs: typed.every * 1000 }, await reach(typed, around))),
    );

  acting(inStage(program.command('pause')))
    .summary('have a consumer take no more messages')
    .description(
      'Disables the event source mapping of a consumer and waits until it is so. What is in work is ended. A deploy that changes the mapping enables it again.',
    )
    .argument('<consumer|queue>', targetText)
    .action(async (name: string, typed: Typed & ActOptions) =>
      done(await pause(name, typed, await reach(typed, around))),
    );

  acting(inStage(program.command('resume')))
    .summary('have a paused consumer go on')
    .description('Enables the event source mapping of a consumer and waits until it is so.')
    .argument('<consumer|queue>', targetText)
    .action(async (name: string, typed: Typed & ActOptions) =>
      done(await resume(name, typed, await reach(typed, around))),
    );

  addSurge(program, around);

  inStage(program.command('audit'))
    .summary('who paused, resumed, surged and parked what, and why')
    .description(
      'Lists what was done to consumers and queues. What was done to exceptions (replay, discard, import) is in the history of each: npx warren exceptions show.',
    )
    .argument(
      '[name]',
      `${targetText}, with all that was done to either; an exchange with partitions, or a table; default: all`,
      givenText(255),
    )
    .action(async (name: string | undefined, typed: Typed) =>
      done(await audit(name, typed, await reach(typed, around))),
    );
}

interface TypedSurge extends Typed {
  readonly concurrency?: number;
  readonly restore: boolean;
  readonly untilDrained: boolean;
  readonly every: number;
  readonly reason?: string;
  readonly who?: string;
  readonly yes: boolean;
}

function addSurge(program: Command, around: Around): void {
  inStage(program.command('surge'))
    .summary('raise the concurrency of a queue’s consumer for a while, and forecast its end')
    .description(
      'Raises the maximum concurrency of the event source mapping to N, shows when the queue will be empty if all goes on as lately, and restores what was there before: at the end, and on Ctrl-C. After a crash, --restore does.',
    )
    .argument('<queue>', queueText)
    .option('--concurrency <n>', 'batches in work at once, 2 to 1000', concurrency)
    .option('--until-drained', 'end when the queue is empty; default: on Ctrl-C', false)
    .option('--restore', 'set back what a surge that crashed has left', false)
    .option('--every <seconds>', everyText, seconds, 5)
    .option('--reason <text>', 'why; it goes on record', parseReason)
    .option('--who <name>', whoText, parseWho)
    .option('--yes', yesText, false)
    .addHelpText('after', surgeHelp)
    .action(async (queue: string, typed: TypedSurge) => around.done(await surgeOrRestore(queue, typed, around)));
}

async function surgeOrRestore(queue: string, typed: TypedSurge, around: Around): Promise<ExitStatus> {
  const { concurrency, reason } = typed;
  if (typed.restore) {
    if (concurrency !== undefined)
      throw new UsageError('--restore sets back what was there before: leave --concurrency out');
    return restore(queue, typed, await reach(typed, around));
  }
  if (concurrency === undefined) throw new UsageError('say how far to raise it: --concurrency N, or --restore');
  if (reason === undefined) throw new UsageError('say why: --reason TEXT goes on record');
  const options = { ...typed, concurrency, reason, everyMs: typed.every * 1000 };
  return surge(queue, options, await reach(typed, around));
}

async function reach({ stage }: Typed, { io, deps }: Around): Promise<OperatorRun> {
  const world = await deps();
  return { stage: await world.reach(stage), io, deps: world };
}

function acting(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why; it goes on record', parseReason)
    .option('--who <name>', whoText, parseWho)
    .option('--yes', yesText, false)
    .addHelpText('after', actingHelp);
}

const queueText = 'its name, VHOST/QUEUE (each percent-encoded) or its SQS name';
const targetText = 'a consumer by its folder in lambdas/, or its queue';
const everyText = 'seconds between two looks';
const whoText = 'who acts; default: whose AWS credentials these are';
const yesText = 'do not ask';

const credentials = 'Region and credentials are those of the AWS environment (AWS_PROFILE, AWS_REGION). They need';
const readingHelp = `
Ages and rates are CloudWatch's, some minutes old; - where it knows nothing, as on the local AWS.
${credentials} to read: SQS, Lambda, CloudWatch,
CloudFormation and the tables Audit and Exceptions.`;
const actingHelp = `
Exit status: 0 it is so, or was before; 1 Lambda has not come to it in five minutes, or Ctrl-C; 2 nothing was done.
${credentials} lambda:UpdateEventSourceMapping,
and to write the table Audit.`;
const surgeHelp = `
Exit status: 0 done, and what was there before is restored; 1 it ended early, or is not restored; 2 nothing was done.
${credentials} lambda:UpdateEventSourceMapping,
lambda:GetFunctionConcurrency, and to write the table Audit.`;

function concurrency(value: string): number {
  const number = Number(value);
  // SQS event source mappings (Lambda developer guide, services-sqs-scaling).
  if (Number.isInteger(number) && number >= 2 && number <= 1000) return number;
  throw new InvalidArgumentError('A whole number from 2 to 1000.');
}

function seconds(value: string): number {
  const number = Number(value);
  if (number >= 0.2 && number <= 3600) return number;
  throw new InvalidArgumentError('Seconds, from 0.2 to 3600.');
}
