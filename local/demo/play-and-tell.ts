import type { StackOutputs } from '../deploy.ts';
import { step } from '../progress.ts';
import { connectExample } from './example-deployment.ts';
import { playDemo } from './play-demo.ts';
import { formatOutcome } from './table.ts';
import { brokenPromises, toReport } from './verdict.ts';

export interface PlayOptions {
  /** As it was typed; see `orderCount`. */
  readonly orders: string;
  /** Print the result as one JSON object. */
  readonly json: boolean;
}

/** Whether what the demo plays on is deployed: it is the worked example. */
export function isDemoDeployed(outputs: StackOutputs): boolean {
  return Object.values(outputs).some((stack) => 'NotifyUrl' in stack);
}

/** The value of `--orders`. Throws when it is no number the demo can play. */
export function orderCount(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1 || count > 100) throw new Error('--orders takes a number from 1 to 100');
  return count;
}

/** Plays the demo and prints what became of it; whether every promise held. */
export async function playAndTell(endpoint: string, outputs: StackOutputs, options: PlayOptions): Promise<boolean> {
  const count = orderCount(options.orders);
  const outcome = await step('demo played', (note) => playDemo(connectExample(endpoint, outputs), count, note));
  const report = toReport(outcome);
  if (options.json) {
    console.log(JSON.stringify(report));
    return report.ok;
  }
  const broken = brokenPromises(outcome);
  const { sent, accepted, refused } = report.notifications;
  console.log(`\n${formatOutcome(outcome)}\n`);
  console.log(
    `${sent} notifications sent, ${accepted} accepted, ${refused} refused; ${report.exceptions} messages wait for a person.`,
  );
  console.log(broken.length === 0 ? 'Every order was paid once.' : `BROKEN:\n  ${broken.join('\n  ')}`);
  return report.ok;
}
