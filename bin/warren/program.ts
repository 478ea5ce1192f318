import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { addBacklog } from './backlog/command.ts';
import type { OperatorDeps } from './backlog/stage.ts';
// worked example
import { addBalances } from './balances/command.ts';
// worked example
import type { BalancesDeps } from './balances/options.ts';
import { addDefinitions } from './definitions-commands.ts';
import { addEvents, type EventsDeps } from './events/command.ts';
import { addExceptions } from './exceptions/command.ts';
import type { ExceptionsDeps } from './exceptions/options.ts';
import { addHotKeys } from './hot-keys/command.ts';
import type { HotKeysDeps } from './hot-keys/options.ts';
// worked example
import { addIds } from './ids/command.ts';
// worked example
import type { IdsDeps } from './ids/options.ts';
import { type ExitStatus, type Io, printJson, UsageError } from './io.ts';
// worked example
import { addOrderCache } from './order-cache/command.ts';
// worked example
import type { RebuildDeps } from './order-cache/options.ts';
// worked example
import { addOrders } from './orders/command.ts';
// worked example
import type { OrdersDeps } from './orders/options.ts';
import { addPartitions } from './partitions/command.ts';
import type { PartitionsDeps } from './partitions/options.ts';
import { addPublish } from './publish/command.ts';
import type { PublishDeps } from './publish/options.ts';
// worked example
import { addRefunds } from './refunds/command.ts';
// worked example
import type { RefundsDeps } from './refunds/options.ts';
import { addTables } from './tables/command.ts';
import type { TablesDeps } from './tables/options.ts';

/** What commands that act on AWS need of the world. Loaded when one does: the SDK takes longer to load than other commands to run. */
interface World {
  readonly publishing: () => Promise<PublishDeps>;
  readonly excepting: () => Promise<ExceptionsDeps>;
  readonly operating: () => Promise<OperatorDeps>;
  readonly sending: () => Promise<EventsDeps>;
  readonly insighting: () => Promise<HotKeysDeps>;
  readonly partitioning: () => Promise<PartitionsDeps>;
  readonly movingTables: () => Promise<TablesDeps>;
  // worked example
  readonly identifying: () => Promise<IdsDeps>;
  // worked example
  readonly rebuilding: () => Promise<RebuildDeps>;
  // worked example
  readonly refunding: () => Promise<RefundsDeps>;
  // worked example
  readonly balancing: () => Promise<BalancesDeps>;
  // worked example
  readonly telling: () => Promise<OrdersDeps>;
}

const real: World = {
  publishing: async () => (await import('./publish/world.ts')).world,
  excepting: async () => (await import('./exceptions/world.ts')).world,
  operating: async () => (await import('./backlog/world.ts')).world,
  sending: async () => (await import('./events/world.ts')).world,
  insighting: async () => (await import('./hot-keys/world.ts')).world,
  partitioning: async () => (await import('./partitions/world.ts')).world,
  movingTables: async () => (await import('./tables/world.ts')).world,
  // worked example
  identifying: async () => (await import('./ids/world.ts')).world,
  // worked example
  rebuilding: async () => (await import('./order-cache/world.ts')).world,
  // worked example
  refunding: async () => (await import('./refunds/world.ts')).world,
  // worked example
  balancing: async () => (await import('./balances/world.ts')).world,
  // worked example
  telling: async () => (await import('./orders/world.ts')).world,
};

/** Runs one command line and answers its exit status; writes nothing but to the streams given, and files that are asked for. */
export async function runWarren(args: readonly string[], io: Io, world: Partial<World> = {}): Promise<ExitStatus> {
  let status: ExitStatus = 0;
  const done = (result: ExitStatus): void => {
    status = result;
  };
  const around = { ...real, ...world };
  const program = createProgram(io);
  addDefinitions(program, { io, done });
  // worked example
  addOrderCache(program, { io, done, deps: around.rebuilding });
  // worked example
  addRefunds(program, { io, done, deps: around.refunding });
  // worked example
  addBalances(program, { io, done, deps: around.balancing });
  addPublish(program, { io, done, deps: around.publishing });
  addExceptions(program, { io, done, deps: around.excepting, operating: around.operating });
  addBacklog(program, { io, done, deps: around.operating });
  addEvents(program, { io, done, deps: around.sending });
  addHotKeys(program, { io, done, deps: around.insighting });
  addPartitions(program, { io, done, deps: around.partitioning });
  addTables(program, { io, done, deps: around.movingTables });
  // worked example
  addIds(program, { io, done, deps: around.identifying });
  // worked example
  addOrders(program, { io, done, deps: around.telling });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0 && args.includes('--json')) printJson(io, { error: { text: error.message } });
      return error.exitCode === 0 ? 0 : 2;
    }
    if (!(error instanceof UsageError)) throw error;
    if (args.includes('--json')) printJson(io, { error: { text: error.message } });
    io.stderr.write(`warren: ${error.message}\n`);
    return 2;
  }
}

function createProgram(io: Io): Command {
  return new Command('warren')
    .description('RabbitMQ definitions on AWS: what is deployed, where a message goes, and why.')
    .version(ownVersion())
    .exitOverride()
    .showHelpAfterError('(add --help to see how it is used)')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHasColors: () => io.stdout.isTTY === true,
      getErrHasColors: () => io.stderr.isTTY === true,
    });
}

function ownVersion(): string {
  return JSON.parse(readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8')).version;
}
