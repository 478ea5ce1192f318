import { type Command, InvalidArgumentError } from 'commander';
import type { ExitStatus, Io } from '../io.ts';
import { parseReason, parseWho } from '../operator/given-text.ts';
import { inStage } from '../operator/in-stage.ts';
import type { ActOptions, PartitionsDeps, ShowOptions } from './options.ts';
import { backPartitions, resizePartitions } from './resize.ts';
import { showPartitions } from './show.ts';

interface Around {
  readonly io: Io;
  /** Asked for when a stage is looked at. */
  readonly deps: () => Promise<PartitionsDeps>;
  readonly done: (status: ExitStatus) => void;
}

/** `warren partitions` */
export function addPartitions(program: Command, { io, deps, done }: Around): void {
  const partitions = program
    .command('partitions')
    .summary('how many queues of a consistent-hash exchange are in use, and more or fewer of them');

  of(partitions.command('show'))
    .summary('how many are in use, and how far a step is')
    .argument('[exchange]', 'default: all that are partitioned')
    .addHelpText('after', help)
    .action(async (exchange: string | undefined, typed: ShowOptions) =>
      done(await showPartitions(exchange, typed, io, await deps())),
    );

  acting(of(partitions.command('resize')))
    .summary('use more or fewer of them while traffic flows; the order of each key holds')
    .argument('<exchange>', 'the exchange')
    .requiredOption('--to <n>', 'how many of the declared ones', count)
    .addHelpText('after', help)
    .action(async (exchange: string, typed: ActOptions & { to: number }) =>
      done(await resizePartitions(exchange, typed, io, await deps())),
    );

  acting(of(partitions.command('back')))
    .summary('take the last step back, at any time')
    .argument('<exchange>', 'the exchange')
    .addHelpText('after', help)
    .action(async (exchange: string, typed: ActOptions) =>
      done(await backPartitions(exchange, typed, io, await deps())),
    );
}

const help = `
Exit status: 0 it is so; 1 nobody said yes, somebody else changed it meanwhile, or it was stopped on the way: run it again; 2 it is refused, and nothing was done.
Region and credentials are those of the AWS environment (AWS_PROFILE, AWS_REGION). They need
cloudformation:DescribeStacks, dynamodb:Query on the stage's table of partitions, and to change them PutItem and
BatchWriteItem there, PutItem on the audit table and sqs:SendMessage on the partitions. The definitions must be those that are deployed.`;

function of(command: Command): Command {
  return inStage(command).option('--file <path>', 'the definitions that are deployed', 'topology/definitions.json');
}

function acting(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why; it is kept on record', parseReason)
    .option('--who <name>', 'who acts; default: whose credentials these are', parseWho)
    .option('--yes', 'do not ask', false);
}

function count(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1) return number;
  throw new InvalidArgumentError('A whole number from 1 on.');
}
