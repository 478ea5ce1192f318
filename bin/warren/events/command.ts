import type { Command } from 'commander';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { confirmed } from '../operator/confirmed.ts';
import { type Sent, sentText } from './send-event.ts';
import { eventsIn, findEvent, NothingDeployedForEventError, UnknownEventError } from './test-events.ts';

/** What `warren events` needs of the world. */
export interface EventsDeps {
  readonly folder: string;
  /** Throws a `UsageError` that says what to do when there is no such stage. */
  readonly reach: (stage: string) => Promise<(event: string) => Promise<Sent>>;
}

interface Typed {
  readonly stage: string;
  readonly yes: boolean;
  readonly json: boolean;
}

/** `warren events`. `deps` is asked for when an event is sent. */
export function addEvents(
  program: Command,
  { io, deps, done }: { readonly io: Io; readonly deps: () => Promise<EventsDeps>; done: (status: ExitStatus) => void },
): void {
  const events = program.command('events').summary('test events');
  events
    .command('send')
    .summary('send a test event to its function, and show the answer')
    .description(
      'Sends a file of events/ to the function its folder is named after; one that ends in -item.json is put into the table of that name. What it does is real: an order that is paid by a test event is paid.',
    )
    .argument('<event>', 'a file of events/, such as publish/unroutable')
    .requiredOption('--stage <name>', 'the stage; local is what npm start has deployed')
    .option('--yes', 'do not ask, in prod', false)
    .option('--json', 'for machines: JSON on stdout', false)
    .addHelpText('after', help)
    .action(async (event: string, typed: Typed) => done(await send(event, typed, io, await deps())));
}

const help = `
Exit status: 0 it is sent; 1 the function failed; 2 nothing was sent.
Region and credentials are those of the AWS environment (AWS_PROFILE, AWS_REGION). They need cloudformation:DescribeStacks, and
lambda:InvokeFunction or dynamodb:PutItem.`;

async function send(given: string, { stage, yes, json }: Typed, io: Io, deps: EventsDeps): Promise<ExitStatus> {
  try {
    const event = findEvent(given, eventsIn(deps.folder));
    const sendTo = await deps.reach(stage);
    const question = `Send the test event ${event} to ${stage}, where what it does is real?`;
    if (stage === 'prod' && !(await confirmed(question, { yes }, io))) return 0;
    const sent = await sendTo(event);
    if (json) printJson(io, { event, ...sent });
    else io.stdout.write(`${sentText(sent)}\n`);
    return sent.kind === 'function' && sent.failed ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UnknownEventError || error instanceof NothingDeployedForEventError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}
