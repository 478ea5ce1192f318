import { type Command, InvalidArgumentError, Option } from 'commander';
import { mostActions } from '../../../lambdas/shared/outbox/most-actions.ts';
import { mostMessages } from '../../../lambdas/shared/publishing/contract.ts';
import { headersOf, nameAndValue } from '../header-options.ts';
import { type ExitStatus, type Io, UsageError } from '../io.ts';
import type { Destination } from './destination.ts';
import type { MessageDefaults } from './message-line.ts';
import { mostInBatch, type PublishDeps } from './options.ts';
import { publishModes } from './producer.ts';
import { publishFile } from './publish-file.ts';
import { publishOne } from './publish-one.ts';

interface Typed {
  readonly stage?: string;
  readonly function?: string;
  readonly exchange?: string;
  readonly routingKey?: string;
  readonly payload?: string;
  readonly file?: string;
  readonly header?: readonly string[];
  readonly property?: readonly string[];
  readonly mandatory?: true;
  readonly delay?: number;
  readonly vhost: string;
  readonly confirm?: true;
  readonly tx?: true;
  readonly outbox?: true;
  readonly batch?: number;
  readonly rate?: number;
  readonly unconfirmed?: string;
  readonly json: boolean;
}

/** `warren publish`. `deps` is asked for when something is published. */
export function addPublish(
  program: Command,
  {
    io,
    deps,
    done,
  }: { readonly io: Io; readonly deps: () => Promise<PublishDeps>; readonly done: (status: ExitStatus) => void },
): void {
  program
    .command('publish')
    .summary('publish one message, or a file of them, to a deployed stage')
    .description(
      'Invokes the publish function of a stage. One message: its payload is --payload, or stdin. Many: --file, a message a line, as the function takes it: {"exchange","routing_key","payload","payload_encoding","headers","properties","mandatory","delay"}. What is given as an option is for every line that does not say otherwise.',
    )
    .option(
      '--stage <name>',
      'publish to this stage: its stack names the function; local is what npm start has deployed',
    )
    .option('--function <name>', 'publish by the function of this name or ARN instead')
    .option('-e, --exchange <name>', 'exchange it is published to; "" is the default exchange')
    .option('-k, --routing-key <key>', 'its routing key (default for one message: "")')
    .option('--payload <text>', 'its body')
    .option('--file <file>', 'messages, one JSON object a line; - is stdin')
    .option('-H, --header <name=value>', 'a header, as often as needed; a value that is JSON is read as such', collect)
    .option('--property <name=value>', 'a property, as often as needed: message_id=…, content_type=…', collect)
    .option('--mandatory', 'give a message back that no queue is bound for')
    .option('--delay <ms>', 'publish it so many milliseconds later', wholeNumber)
    .option('--vhost <name>', 'vhost of the exchange', '/')
    .addOption(new Option('--confirm', 'an ack or a nack for each message (the default)').conflicts(['tx', 'outbox']))
    .addOption(new Option('--tx', 'in transactions of --batch messages').conflicts('outbox'))
    .option('--outbox', 'all or none of a request, through the outbox table')
    .option(
      '--batch <n>',
      `messages in a request, at most ${mostMessages}, with --outbox ${mostActions} (default: as many)`,
      batchSize,
    )
    .option('--rate <n/s>', 'messages a second at most', messagesPerSecond)
    .option(
      '--unconfirmed <file>',
      'where the messages of --file go that are not confirmed (default: <file>.unconfirmed.jsonl, of stdin warren.unconfirmed.jsonl); publish it in turn to resume',
    )
    .option('--json', 'for machines: JSON on stdout', false)
    .addHelpText('after', help)
    .action(async (typed: Typed) => {
      const mode = publishModes.find((one) => typed[one]) ?? 'confirm';
      const most = mostInBatch(mode);
      const batch = Math.min(typed.batch ?? most, most);
      const options = { ...typed, destination: destinationOf(typed), mode, batch };
      const defaults = defaultsOf(typed);
      if (typed.file === undefined) {
        refuseForOne(typed);
        done(await publishOne({ routing_key: '', ...defaults }, options, io, await deps()));
      } else {
        refuseForFile(typed);
        done(await publishFile(typed.file, defaults, options, io, await deps()));
      }
    });
}

const help = `
Examples:
  npx warren publish --stage dev -e orders -k order.closed --payload '{"n":1}' --mandatory
  npx warren publish --stage dev --file messages.jsonl --rate 500
  npx warren publish --stage dev --file messages.jsonl.unconfirmed.jsonl      what was not confirmed, again, with the same event ids

Exit status: 0 every message is confirmed; 1 something is not, or was returned; 2 nothing was sent.
Region and credentials are those of the AWS environment (AWS_PROFILE, AWS_REGION). They need lambda:InvokeFunction, and for --stage
cloudformation:DescribeStacks.
A message without a message_id gets one. Of --file all messages are written down with their ids before the first is sent, and what is
left at the end or after Ctrl-C: a process that is killed leaves the file of all of them, to be published in turn (what is called .new
beside it may go). Of a pipe only what is not confirmed is written down, as it is known: give such messages ids of your own.
Ctrl-C reaches the command through npx; a signal that a supervisor sends to npx alone does not. Let it start bin/warren.mjs instead.
Mode none, without confirms, is for requests alone: here whoever publishes is told what became of it.`;

function destinationOf({ stage, function: functionName }: Typed): Destination {
  if (stage !== undefined && functionName === undefined) return { stage };
  if (functionName !== undefined && stage === undefined) return { functionName };
  throw new UsageError(
    stage === undefined
      ? 'say where to publish to: --stage local, --stage dev, … or --function NAME'
      : '--stage names a function and --function another: give one of them',
  );
}

function defaultsOf({ exchange, routingKey, header, property, mandatory, delay }: Typed): MessageDefaults {
  return {
    ...(exchange !== undefined && { exchange }),
    ...(routingKey !== undefined && { routing_key: routingKey }),
    ...(mandatory && { mandatory }),
    ...(delay !== undefined && { delay }),
    ...(header && { headers: headersOf(header) }),
    ...(property && { properties: Object.fromEntries(property.map(propertyOf)) }),
  };
}

const numbers = ['timestamp', 'priority', 'delivery_mode'];

function propertyOf(text: string): [name: string, value: string | number] {
  const [name, value] = nameAndValue('--property', text);
  return [name, numbers.includes(name) && /^\d+$/.test(value) ? Number(value) : value];
}

function refuseForOne({ exchange, unconfirmed, rate, batch }: Typed): void {
  if (exchange === undefined)
    throw new UsageError('say which exchange: --exchange NAME ("" is the default exchange), or --file FILE');
  if ([unconfirmed, rate, batch].some((one) => one !== undefined))
    throw new UsageError('--unconfirmed, --rate and --batch go with --file');
}

function refuseForFile({ payload, property = [] }: Typed): void {
  if (payload !== undefined) throw new UsageError('--payload is one message and --file is many: give one of them');
  if (property.some((text) => text.startsWith('message_id=')))
    throw new UsageError(
      '--property message_id would give every message of the file one event id: write it into the lines',
    );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function wholeNumber(value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('A whole number.');
}

function batchSize(value: string): number {
  const size = wholeNumber(value);
  if (size >= 1 && size <= mostMessages) return size;
  throw new InvalidArgumentError(`From 1 to ${mostMessages}.`);
}

function messagesPerSecond(value: string): number {
  const rate = Number(/^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(value)?.[1]);
  if (rate > 0) return rate;
  throw new InvalidArgumentError('Messages a second, such as 500 or 500/s.');
}
