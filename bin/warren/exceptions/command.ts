import type { Command } from 'commander';
import type { OperatorDeps } from '../backlog/stage.ts';
import type { ExitStatus, Io } from '../io.ts';
import { givenText, parseReason } from '../operator/given-text.ts';
import { asked } from '../stage/asked.ts';
import { type AcknowledgeOptions, acknowledgeKind } from './acknowledge.ts';
import {
  notEmpty,
  wholeNumber,
  withAll,
  withExpired,
  withFilters,
  withLimits,
  withReason,
  withStage,
} from './command-options.ts';
import { type DiscardOptions, discard } from './discard.ts';
import { type ExportOptions, exportRows } from './export.ts';
import { type ImportOptions, importRows } from './import.ts';
import { type ListOptions, list } from './list.ts';
import type { ListQueues } from './nothing-found.ts';
import type { ExceptionsDeps } from './options.ts';
import { addPark } from './park-command.ts';
import { type ReplayOptions, type ResumeOptions, replay, resume } from './replay.ts';
import { type ShowOptions, show } from './show.ts';

export interface ExceptionsCommandDeps {
  readonly io: Io;
  readonly deps: () => Promise<ExceptionsDeps>;
  /** For what is done to a queue. */
  readonly operating: () => Promise<OperatorDeps>;
  readonly done: (status: ExitStatus) => void;
}

/** `warren exceptions`. `deps` is asked for when there is something to do. */
export function addExceptions(program: Command, { io, deps, operating, done: tell }: ExceptionsCommandDeps): void {
  const act = async (work: () => Promise<ExitStatus>): Promise<void> =>
    tell(await asked('read or change the table Exceptions', work));
  const run = (work: (deps: ExceptionsDeps) => Promise<ExitStatus>) => act(async () => work(await deps()));

  const listQueues: ListQueues = async (stage) => (await (await operating()).reach(stage)).queues.list();

  const exceptions = program
    .command('exceptions')
    .summary('messages that wait for a person: list, show, replay, park, discard, acknowledge, export, import');

  withFilters(exceptions.command('list'))
    .summary('what waits: by kind of failure, or row by row')
    .option('--rows', 'row by row', false)
    .option('--limit <n>', 'rows to print', wholeNumber(1, 10_000), 50)
    .action((typed: ListOptions) => run((deps) => list(typed, io, { ...deps, listQueues })));

  withStage(exceptions.command('show'))
    .summary('everything about one message: error, frames, headers, body, what was done')
    .argument('<event>', 'its event id', givenText(255))
    .option('--reveal', 'personal fields too', false)
    .action((event: string, typed: ShowOptions) => run((deps) => show(event, typed, io, deps)));

  withExpired(withLimits(withReason(withAll(withFilters(exceptions.command('replay'))))))
    .summary('send messages again: one, a kind, or whatever the filters mean')
    .description(
      'Freezes and counts what is meant, asks, and sends it again: the first alone, then ten, then the rest. What comes later is not in it. Messages of a FIFO queue keep the order of their group. Each message has the event id it always had, so that one whose effect is there has no second one.',
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

  addPark(exceptions, { io, operating, run: act });

  withReason(withAll(withFilters(exceptions.command('discard'))))
    .summary('say of messages that they need not be handled')
    .action((typed: DiscardOptions) => run((deps) => discard(typed, io, deps)));

  withStage(exceptions.command('acknowledge'))
    .summary('say that somebody is at a kind of failure: it is not escalated')
    .requiredOption('--fingerprint <id>', 'as the notice names it', notEmpty)
    .requiredOption('--reason <text>', 'what is done about it', parseReason)
    .action((typed: AcknowledgeOptions) => run((deps) => acknowledgeKind(typed, io, deps)));

  withReason(withStage(exceptions.command('import')))
    .summary('put exported rows back into the table, to be sent again by replay')
    .description(
      'Reads a file that export has written, all of it before anything is done, and puts back what is not in the table any more, in state parked. What is there is left alone. It sends nothing: replay --state parked does.',
    )
    .argument('<file>', 'of export')
    .option('--rate <n>', 'rows a second, at most', wholeNumber(1, 10_000))
    .action((file: string, typed: ImportOptions) => run((deps) => importRows(file, typed, io, deps)));

  withFilters(exceptions.command('export'))
    .summary('whole rows, as JSON lines')
    .argument('<file>', 'a new file')
    .action((file: string, typed: ExportOptions) => run((deps) => exportRows(file, typed, io, deps)));
}

const replayHelp = `
Exit status: 0 every message was handled; 1 some were not, or are still on their way; 2 nothing was done.
Region and credentials are those of the AWS environment (AWS_PROFILE, AWS_REGION). They need cloudformation:DescribeStacks,
lambda:InvokeFunction on replay, and dynamodb:Query and dynamodb:GetItem on the table Exceptions and its indexes.`;
