import { parseArgs } from 'node:util';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './aws-environment.ts';
import { playDemo } from './demo/play-demo.ts';
import { formatOutcome } from './demo/table.ts';
import { brokenPromises, toReport } from './demo/verdict.ts';
import { deploy } from './deploy.ts';
import { connect } from './deployment.ts';
import { type Emulator, ensureEmulator } from './emulator.ts';
import { step } from './progress.ts';

const usage = `npm start [-- options]: deploys the stacks to a local AWS and plays the WeChat Pay demo.

  --once        end after the demo; exit status 0 only if every promise shown held
  --json        print the result as one JSON object, last
  --orders N    how many orders to play (default 3)
`;

const interrupt = new AbortController();
// On, not once: an impatient second Ctrl-C must not cut the clearing up short. SIGHUP: the terminal was closed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.abort());

try {
  await main();
} catch (error) {
  if (!interrupt.signal.aborted) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`\n${reason}`);
    if (process.argv.includes('--json')) console.log(JSON.stringify({ ok: false, error: reason }));
    process.exitCode = 1;
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) return;

  const emulator = await step('local AWS is up', ensureEmulator);
  let ok = false;
  try {
    ok = await deployAndPlay(emulator, options);
    if (!options.once) await untilInterrupted(emulator);
  } finally {
    // A start that failed leaves nothing behind; one that was told to end after the demo leaves the emulator for the next.
    if (!(ok && options.once)) await emulator.stop();
    if (!ok && !interrupt.signal.aborted) console.error(afterFailure(emulator));
  }
  if (ok && options.once && !emulator.external) console.error(stillUp(emulator));
  process.exitCode = ok ? 0 : 1;
}

interface Options {
  readonly once: boolean;
  readonly json: boolean;
  readonly orders: number;
}

async function deployAndPlay(emulator: Emulator, { json, orders }: Options): Promise<boolean> {
  const { endpoint } = emulator;
  const { signal } = interrupt;
  const outputs = await step('stacks deployed', (note) => deploy({ endpoint, stage: 'local', note, signal }));
  const outcome = await step('demo played', (note) => playDemo(connect(endpoint, outputs), orders, note));
  const report = toReport(outcome);
  const broken = brokenPromises(outcome);

  if (json) {
    console.log(JSON.stringify(report));
  } else {
    const { sent, accepted, refused } = report.notifications;
    console.log(`\n${formatOutcome(outcome)}\n`);
    console.log(
      `${sent} notifications sent, ${accepted} accepted, ${refused} refused; ${report.exceptions} messages wait for a person.`,
    );
    console.log(broken.length === 0 ? 'Every order was paid once.' : `BROKEN:\n  ${broken.join('\n  ')}`);
  }
  return report.ok;
}

function stillUp({ endpoint }: Emulator): string {
  return `The local AWS stays up at ${endpoint} (account ${LOCAL_ACCOUNT}, ${LOCAL_REGION}). Try npm run send-event; npm stop ends it.`;
}

function afterFailure({ startedHere }: Emulator): string {
  return startedHere
    ? 'The local AWS is stopped again.'
    : 'The local AWS ran before and goes on: what is deployed is kept.';
}

async function untilInterrupted(emulator: Emulator): Promise<void> {
  const { endpoint, startedHere } = emulator;
  console.error(
    startedHere
      ? `\nThe local AWS is at ${endpoint} (account ${LOCAL_ACCOUNT}, ${LOCAL_REGION}). Ctrl-C ends it.`
      : `\n${emulator.external ? `The emulator is at ${endpoint}` : stillUp(emulator)} Ctrl-C ends only this command.`,
  );
  // The pending timer keeps the process up; the signal ends the wait.
  const keepAlive = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => {
    if (interrupt.signal.aborted) resolve();
    interrupt.signal.addEventListener('abort', () => resolve());
  });
  clearInterval(keepAlive);
}

function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        orders: { type: 'string', default: '3' },
        help: { type: 'boolean', default: false },
      },
    });
    const orders = Number(values.orders);
    if (!Number.isInteger(orders) || orders < 1 || orders > 100)
      throw new Error('--orders takes a number from 1 to 100');
    if (!values.help) return { ...values, orders };
    console.log(usage);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exitCode = 2;
  }
  return undefined;
}
