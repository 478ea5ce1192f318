import { type Command, InvalidArgumentError } from 'commander';
import type { ExitStatus, Io } from '../io.ts';
import { parseReason, parseWho } from '../operator/given-text.ts';
import { inStage } from '../operator/in-stage.ts';
import { type Act, actOnTable } from './act.ts';
import { listTables } from './list.ts';
import type { ActOptions, ListOptions, TablesDeps } from './options.ts';

interface Around {
  readonly io: Io;
  /** Asked for when a stage is looked at. */
  readonly deps: () => Promise<TablesDeps>;
  readonly done: (status: ExitStatus) => void;
}

const acts: readonly (readonly [act: Act, summary: string])[] = [
  ['start', 'copy a table to its target, and its changes from then on'],
  ['next', 'go one step on: read at the target, write at the target, end the move'],
  ['back', 'go one step back, from wherever it is'],
  ['compare', 'compare both tables anew, and say what differs'],
];

/** `warren tables` */
export function addTables(program: Command, { io, deps, done }: Around): void {
  const tables = program.command('tables').summary('tables that move to another key or name while they are written');

  inStage(tables.command('list', { isDefault: true }))
    .summary('every declared move, how far it is, and what comes next')
    .addHelpText('after', help)
    .action(async (typed: ListOptions) => done(await listTables(typed, io, await deps())));

  for (const [act, summary] of acts) {
    const command = inStage(tables.command(act));
    if (act === 'start') command.option('--rate <n>', 'items a second that are copied', rate, usualRate);
    command
      .summary(summary)
      .argument('<TABLE>', 'the table that moves, as lib/table-moves.ts calls it')
      .requiredOption('--reason <text>', 'why; it is on record, so name no customer', parseReason)
      .option('--who <name>', 'who acts, kept beside whose credentials these are', parseWho)
      .option('--no-wait', 'do not watch: the function goes on by itself, once a minute')
      .option('--yes', 'do not ask', false)
      .addHelpText('after', help)
      .action(async (table: string, typed: ActOptions & { rate?: number }) =>
        done(await actOnTable(act, table, { rate: usualRate, ...typed }, io, await deps())),
      );
  }
}

const usualRate = 500;

const help = `
Exit status: 0 it is so; 1 the tables are not equal, or the move is where it was, or nobody said yes; 2 nothing was done, or what
was done is not known.
Region and credentials are those of the AWS environment (AWS_PROFILE, AWS_REGION). They need lambda:InvokeFunction,
cloudformation:DescribeStacks, and dynamodb:PutItem on the audit table. What each step means: docs/tables.md.`;

function rate(value: string): number {
  const items = Number(value);
  if (/^\d+$/.test(value) && items >= 1 && items <= 20_000) return items;
  throw new InvalidArgumentError('A whole number from 1 to 20000.');
}
