import { type Command, InvalidArgumentError, Option } from 'commander';
import { exceptionStates } from '../../../lambdas/shared/exceptions/exception-row.ts';
import type { ExitStatus, Io } from '../io.ts';
import { asked } from '../stage/asked.ts';
import { type AcknowledgeOptions, acknowledgeKind } from './acknowledge.ts';
import { type DiscardOptions, discard } from './discard.ts';
import { type ExportOptions, exportRows } from './export.ts';
import { type ListOptions, list } from './list.ts';
import type { ExceptionsDeps } from './options.ts';
import { type ReplayOptions, type ResumeOptions, replay, resume } from './replay.ts';
import { type ShowOptions, show } from './show.ts';

export interface ExceptionsCommandDeps {
  readonly io: Io;
  readonly deps: () => Promise<ExceptionsDeps>;
  readonly done: (status: ExitStatus) => void;
}

/** `warren exceptions`. `deps` is asked for when there is something to do. */
export function addExceptions(program: Command, { io, deps, done: tell }: ExceptionsCommandDeps): void {
  const run = async (work: (deps: ExceptionsDeps) => Promise<ExitStatus>): Promise<void> =>
    tell(await asked('read or change the table Exceptions', async () => work(await deps())));

  const exceptions = program
    .command('exceptions')
    .summary('messages that wait for a person: list, show, replay, discard, acknowledge, export');

  withFilters(exceptions.command('list'))
    .summary('what waits: by kind of failure, or row by row')
    .option('--rows', 'row by row', false)
    .option('--limit <n>', 'rows to print', wholeNumber(1, 10_000), 50)
    .action((typed: ListOptions) => run((deps) => list(typed, io, deps)));

  withStage(exceptions.command('show'))
    .summary('everything about one message: error, frames, headers, body, what was done')
    .argument('<event>', 'its event id')
    .option('--reveal', 'personal fields too', false)
    .action((event: string, typed: ShowOptions) => run((deps) => show(event, typed, io, deps)));

  withLimits(withReason(withFilters(exceptions.command('replay'))))
    .summary('send messages again: one, a kind, or whatever the filters mean')
    .description(
      'Freezes and counts what is meant, asks, and sends it again: the first alone, then ten, then the rest. What comes later is not in it. Each message has the event id it always had, so that one whose effect is there has no second one.',
    )
    .addHelpText('after', replayHelp)
    .action((typed: ReplayOptions) => run((deps) => replay(typed, io, deps)));

  withLimits(exceptions.command('resume'))
    .summary('go on with a replay that was stopped')
    .argument('<file>', 'what it was to send: the replay has written it, and named it')
    .option('--yes', 'ask nobody', false)
    .option('--json', 'for machines: JSON on stdout', false)
    .addHelpText('after', replayHelp)
    .action((file: string, typed: ResumeOptions) => run((deps) => resume(file, typed, io, deps)));

  withReason(withFilters(exceptions.command('discard')))
    .summary('say of messages that they need not be handled')
    .action((typed: DiscardOptions) => run((deps) => discard(typed, io, deps)));

  withStage(exceptions.command('acknowledge'))
    .summary('say that somebody is at a kind of failure: it is not escalated')
    .requiredOption('--fingerprint <id>', 'as the notice names it')
    .requiredOption('--reason <text>', 'what is done about it')
    .action((typed: AcknowledgeOptions) => run((deps) => acknowledgeKind(typed, io, deps)));

  withFilters(exceptions.command('export'))
    .summary('whole rows, as JSON lines')
    .argument('<file>', 'a new file')
    .action((file: string, typed: ExportOptions) => run((deps) => exportRows(file, typed, io, deps)));
}

const replayHelp = `
Exit status: 0 every message was handled; 1 some were not, or are still on their way; 2 nothing was done.
Region and credentials are those of the AWS environment (AWS_PROFILE, AWS_REGION). They need cloudformation:DescribeStacks,
lambda:InvokeFunction on replay, and dynamodb:Query and dynamodb:GetItem on the table Exceptions and its indexes.`;

function withStage(command: Command): Command {
  return command
    .requiredOption('--stage <name>', 'the stage; local is what npm start has deployed')
    .option('--json', 'for machines: JSON on stdout', false);
}

/** All that are given must hold. */
function withFilters(command: Command): Command {
  return withStage(command)
    .addOption(new Option('--state <state>', 'rows in this state').choices(exceptionStates).default('open'))
    .option('--fingerprint <id>', 'of this kind of failure')
    .option('--queue <name>', 'that came up in this queue')
    .option('--vhost <name>', 'of that queue', '/')
    .option('--key <key>', 'with this business key')
    .option('--event <id>', 'with this event id')
    .option('--since <time>', 'that came up last at or after: ISO 8601, UTC unless it says otherwise', isoTime)
    .option('--until <time>', 'that came up last at or before', isoTime);
}

function withReason(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why: it is kept in the history of each row')
    .option('--yes', 'ask nobody', false);
}

function withLimits(command: Command): Command {
  return command
    .option('--rate <n>', 'messages a second, at most', wholeNumber(1, 10_000))
    .option(
      '--stop-above <percent>',
      'stop when more of those that are done with failed again',
      wholeNumber(0, 100),
      10,
    )
    .option('--settle-seconds <n>', 'wait so long for what is on its way', wholeNumber(1, 86_400), 60);
}

function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most}.`);
  };
}

function isoTime(value: string): string {
  const time = /^\d{4}-\d\d-\d\d/.test(value)
    ? new Date(/[Zz]|[+-]\d\d:?\d\d$/.test(value) || !value.includes('T') ? value : `${value}Z`)
    : undefined;
  if (time && !Number.isNaN(time.getTime())) return time.toISOString();
  throw new InvalidArgumentError('A time as 2026-11-23 or 2026-11-23T02:00:00Z.');
}
