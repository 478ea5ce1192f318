import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Dialect, defaultDialect, dialects } from '../../rabbitmq/dialect.ts';
import { parseQueueAddress, type QueueAddress } from '../../rabbitmq/queue-address.ts';
import { check } from './check.ts';
import { explain } from './explain.ts';
import { graph, graphFormats } from './graph.ts';
import type { ExitStatus, Io } from './io.ts';
import { route } from './route.ts';

/** `warren check`, `explain`, `route` and `graph`: what is said of a definitions file, without a deployment. */
export function addDefinitions(
  program: Command,
  { io, done }: { readonly io: Io; readonly done: (status: ExitStatus) => void },
): void {
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
