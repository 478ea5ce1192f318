import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type Dialect, defaultDialect, dialects } from '../../rabbitmq/dialect.ts';
import { parseQueueAddress, type QueueAddress } from '../../rabbitmq/queue-address.ts';
import { addBacklog } from './backlog/command.ts';
import type { OperatorDeps } from './backlog/stage.ts';
import { check } from './check.ts';
import { addEvents, type EventsDeps } from './events/command.ts';
import { addExceptions } from './exceptions/command.ts';
import type { ExceptionsDeps } from './exceptions/options.ts';
import { explain } from './explain.ts';
import { graph, graphFormats } from './graph.ts';
import { type ExitStatus, type Io, printJson, UsageError } from './io.ts';
// worked example
import { addOrderCache } from './order-cache/command.ts';
// worked example
import type { RebuildDeps } from './order-cache/options.ts';
import { addPublish } from './publish/command.ts';
import type { PublishDeps } from './publish/options.ts';
// worked example
import { addRefunds } from './refunds/command.ts';
// worked example
import type { RefundsDeps } from './refunds/options.ts';
import { route } from './route.ts';

/** What commands that act on AWS need of the world. Loaded when one does: the SDK takes longer to load than other commands to run. */
interface World {
  readonly publishing: () => Promise<PublishDeps>;
  readonly excepting: () => Promise<ExceptionsDeps>;
  readonly operating: () => Promise<OperatorDeps>;
  readonly sending: () => Promise<EventsDeps>;
  // worked example
  readonly rebuilding: () => Promise<RebuildDeps>;
  // worked example
  readonly refunding: () => Promise<RefundsDeps>;
}

const real: World = {
  publishing: async () => (await import('./publish/world.ts')).world,
  excepting: async () => (await import('./exceptions/world.ts')).world,
  operating: async () => (await import('./backlog/world.ts')).world,
  sending: async () => (await import('./events/world.ts')).world,
  // worked example
  rebuilding: async () => (await import('./order-cache/world.ts')).world,
  // worked example
  refunding: async () => (await import('./refunds/world.ts')).world,
};

/** Runs one command line and answers its exit status; writes nothing but to the streams given, and files that are asked for. */
export async function runWarren(args: readonly string[], io: Io, world: Partial<World> = {}): Promise<ExitStatus> {
  let status: ExitStatus = 0;
  const done = (result: ExitStatus): void => {
    status = result;
  };
  const around = { ...real, ...world };
  const program = createProgram(io, done);
  // worked example
  addOrderCache(program, { io, done, deps: around.rebuilding });
  // worked example
  addRefunds(program, { io, done, deps: around.refunding });
  addPublish(program, { io, done, deps: around.publishing });
  addExceptions(program, { io, done, deps: around.excepting, operating: around.operating });
  addBacklog(program, { io, done, deps: around.operating });
  addEvents(program, { io, done, deps: around.sending });
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

function createProgram(io: Io, done: (status: ExitStatus) => void): Command {
  const program = new Command('warren')
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

  withCommonOptions(program.command('check'))
    .summary('what is found in a definitions file, and what would be deployed')
    .description(
      'Reads a definitions.json of RabbitMQ and shows what is found in it, then what each queue becomes on SQS.',
    )
    .option('--prefix <name>', 'what SQS names begin with', parsePrefix, 'warren-dev')
    .option('--all', 'every finding, not only the first few of a kind', false)
    .action((file, options) => done(check(file, options, io)));

  withAnyway(program.command('explain'))
    .summary('where a message goes, and why')
    .description('Follows one message through the exchanges: which bindings match, what is dropped, where it ends.')
    .requiredOption('-e, --exchange <name>', 'exchange it is published to; "" is the default exchange')
    .option('-k, --routing-key <key>', 'its routing key', '')
    .option(
      '-H, --header <name=value>',
      'a header, as often as needed; a value that is JSON is read as such: n=5 is an integer, n=\'"5"\' a text, n=\'{"!":"double","value":5}\' a double',
      collect,
    )
    .option('--cc <key>', 'one more routing key, which stays in the message', collect)
    .option('--bcc <key>', 'one more routing key, which is taken out of it', collect)
    .option('--mandatory', 'give the message back when no queue gets it', false)
    .option('--seed <n>', 'of what random exchanges pick', parseSeed, 1)
    .action((file, options) => done(explain(file, options, io)));

  withAnyway(program.command('route'))
    .summary('where many messages go: JSON lines in, JSON lines out')
    .description(
      'Reads one message a line, {"vhost","exchange","routingKey","headers","mandatory","cc","bcc"}, and writes one result a line in the same order: {"queues":[…],"returned":false}, with "refused":[{"queue":"…","reason":"…"}] where a delay cannot be kept, or {"error":{"code":404,"text":"…"}}. Its exit status is 0 whatever the lines say.',
    )
    .option('--seed <n>', 'of what random exchanges pick', parseSeed, 1)
    .action(async (file, options) => done(await route(file, options, io)));

  withAnyway(program.command('graph'))
    .summary('the topology as a drawing')
    .description('Draws exchanges, queues, bindings, alternate and dead-letter exchanges.')
    .addOption(new Option('-f, --format <format>', 'what to write').choices(graphFormats).default('mermaid'))
    .action(async (file, options) => done(await graph(file, options, io)));

  return program;
}

/** Options every command has. */
export interface CommonOptions {
  readonly vhost: string;
  readonly dialect: Dialect;
  /** Queues of that vhost that something consumes; without these two nothing is known of consumers. */
  readonly consumed?: readonly string[] | undefined;
  /** Queues of any vhost that something consumes. */
  readonly consumedIn?: readonly QueueAddress[] | undefined;
  readonly json: boolean;
}

function withCommonOptions(command: Command): Command {
  return command
    .argument('<file>', 'definitions.json, as RabbitMQ exports it or written by hand; - is stdin')
    .option('--vhost <name>', 'vhost of the message, and of objects in a file where none names one', '/')
    .addOption(
      new Option('--dialect <version>', 'whose rules: RabbitMQ 3.13 and older, 4.0 to 4.2, 4.3 and later')
        .choices(dialects)
        .default(defaultDialect),
    )
    .option(
      '--consumed <queue>',
      'a queue of that vhost that something consumes, as often as needed; one with TTL and dead-letter exchange is else a delay',
      collect,
    )
    .option(
      '--consumed-in <vhost/queue>',
      'the same for a queue of any vhost, each percent-encoded: %2F/orders is a queue of the vhost /',
      collectAddress,
    )
    .option('--json', 'for machines: JSON on stdout', false);
}

function ownVersion(): string {
  return JSON.parse(readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8')).version;
}

/** An option that may be given more than once. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function collectAddress(value: string, before: readonly QueueAddress[] = []): readonly QueueAddress[] {
  const queue = parseQueueAddress(value);
  if (queue) return [...before, queue];
  throw new InvalidArgumentError('VHOST/QUEUE, each percent-encoded: %2F/orders is a queue of the vhost /.');
}

/** Of commands that need no deployment, only routing. */
function withAnyway(command: Command): Command {
  return withCommonOptions(command).option(
    '--anyway',
    'answer by what is understood, though part of the file is not or has no counterpart on AWS',
    false,
  );
}

function parsePrefix(value: string): string {
  if (/^[A-Za-z0-9_-]{1,40}$/.test(value)) return value;
  throw new InvalidArgumentError('Letters, digits, - and _, at most 40.');
}

function parseSeed(value: string): number {
  const seed = Number(value);
  if (Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError('A whole number.');
}
