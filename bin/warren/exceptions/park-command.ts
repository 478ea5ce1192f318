import type { Command } from 'commander';
import type { OperatorDeps } from '../backlog/stage.ts';
import type { ExitStatus, Io } from '../io.ts';
import { wholeNumber, withReason, withStage } from './command-options.ts';
import { type ParkOptions, park } from './park.ts';

interface Around {
  readonly io: Io;
  /** Asked for when a queue is parked. */
  readonly operating: () => Promise<OperatorDeps>;
  readonly run: (work: () => Promise<ExitStatus>) => Promise<void>;
}

/** `warren exceptions park` */
export function addPark(exceptions: Command, { io, operating, run }: Around): void {
  withReason(withStage(exceptions.command('park')))
    .summary('empty a queue now: its messages become rows, to be sent again later')
    .description(
      'Moves what waits in a queue into the table Exceptions, in state parked, which pages nobody. Its consumer has to be paused. Each message is stored before it is deleted: after a kill the same command goes on. What was sent after you agreed stays.',
    )
    .argument('<queue>', 'its name, VHOST/QUEUE (each percent-encoded) or its SQS name')
    .option('--all', 'what comes meanwhile, too: until the queue is empty', false)
    .option('--rate <n>', 'messages a second, at most', wholeNumber(1, 10_000))
    .option(
      '--settle-seconds <n>',
      'wait so long for SQS to lift the limit of receives, and for what is in flight to come back',
      wholeNumber(0, 86_400),
      60,
    )
    .addHelpText('after', help)
    .action((queue: string, typed: ParkOptions) =>
      run(async () => {
        const deps = await operating();
        return await park(queue, typed, { stage: await deps.reach(typed.stage), io, deps });
      }),
    );
}

const help = `
Exit status: 0 what was meant is parked; 1 it ended early, or nobody agreed; 2 nothing was done.
Region and credentials are those of the AWS environment (AWS_PROFILE, AWS_REGION). They need to read as warren queues does,
lambda:InvokeFunction on park, sqs:SetQueueAttributes, and to write the table Audit.`;
