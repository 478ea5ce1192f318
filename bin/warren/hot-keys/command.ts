import { type Command, InvalidArgumentError } from 'commander';
import type { ExitStatus, Io } from '../io.ts';
import { inStage } from '../operator/in-stage.ts';
import type { HotKeysDeps, HotKeysOptions } from './options.ts';
import { showHotKeys } from './show.ts';

interface Around {
  readonly io: Io;
  /** Asked for when a stage is looked at. */
  readonly deps: () => Promise<HotKeysDeps>;
  readonly done: (status: ExitStatus) => void;
}

/** `warren hot-keys` */
export function addHotKeys(program: Command, { io, deps, done }: Around): void {
  inStage(program.command('hot-keys'))
    .summary('the keys of tables and indexes that DynamoDB throttles, and what to do')
    .description(
      'Reads what CloudWatch Contributor Insights noted of each table of the stage and its indexes: the keys whose requests were throttled, the most throttled first. It notes nothing where it is off, and says so. Keys are shown as they are: order numbers, event ids.',
    )
    .option('--hours <n>', 'how far back, 1 to 24', wholeHours, 3)
    .addHelpText('after', help)
    .action(async (typed: HotKeysOptions) => done(await showHotKeys(typed, io, await deps())));
}

const help = `
Exit status: 0 it was looked, whatever was found; 2 nothing was looked at.
Region and credentials are those of the AWS environment (AWS_PROFILE, AWS_REGION). They need dynamodb:DescribeTable,
dynamodb:DescribeContributorInsights and cloudwatch:GetInsightRuleReport, as the policy <app>-<stage>-read-only says.`;

function wholeHours(value: string): number {
  const hours = Number(value);
  if (Number.isInteger(hours) && hours >= 1 && hours <= 24) return hours;
  throw new InvalidArgumentError('A whole number from 1 to 24.');
}
