import { parseArgs } from 'node:util';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './aws-environment.ts';
// worked example
import { isDemoDeployed, orderCount, playAndTell } from './demo/play-and-tell.ts';
import { deploy } from './deploy.ts';
import { type Emulator, ensureEmulator } from './emulator.ts';
// worked example
import { giveWebhookSecret } from './merchant/give-webhook-secret.ts';
// worked example
import { ensureMerchant } from './merchant/merchant-process.ts';
// worked example
import { notificationUrl } from './merchant/notification-client.ts';
import { step } from './progress.ts';
// worked example
import { ensureValkey, type LocalValkey } from './valkey.ts';
// worked example
import { notifyThrough } from './wechat-pay-simulator/notify-through.ts';
// worked example
import { ensureWechatPay } from './wechat-pay-simulator/simulator-process.ts';

const usage = [
  'npm start [-- options]: deploys the stacks to a local AWS, and stays up until Ctrl-C.',
  // worked example
  'Then it plays the WeChat Pay demo.',
  '',
  '  --once        end as soon as all is done; exit status 0 only if it went well, and every promise shown held',
  '  --json        print the result as one JSON object, last',
  // worked example
  '  --orders N    how many orders the demo plays (default 3)',
  '',
].join('\n');

// worked example
let valkey: LocalValkey | undefined;

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

  const emulator = await step('local AWS is up', () => ensureEmulator());
  let ok = false;
  try {
    ok = await deployAndPlay(emulator, options);
    if (!options.once) await untilInterrupted(emulator);
  } finally {
    // A start that failed leaves nothing behind; one that was told to end after the demo leaves the emulator for the next.
    if (!(ok && options.once)) {
      await emulator.stop();
      // worked example
      await valkey?.stop();
    }
    if (!ok && !interrupt.signal.aborted) console.error(afterFailure(emulator));
  }
  if (ok && options.once && !emulator.external) console.error(stillUp(emulator));
  process.exitCode = ok ? 0 : 1;
}

interface Options {
  readonly once: boolean;
  readonly json: boolean;
  // worked example
  readonly orders: string;
}

/** Whether all went well. */
async function deployAndPlay(emulator: Emulator, options: Options): Promise<boolean> {
  const { endpoint } = emulator;
  const { signal } = interrupt;
  // worked example
  valkey = await step('order cache is up', ensureValkey);
  // worked example
  const fulfilmentUrl = await ensureMerchant(emulator);
  // worked example
  const { url: wechatPayApi } = await ensureWechatPay(emulator);
  const outputs = await step('stacks deployed', (note) =>
    deploy({
      endpoint,
      stage: 'local',
      note,
      signal,
      // worked example
      valkeyUrl: valkey?.url,
      // worked example
      fulfilmentUrl,
      // worked example
      merchantWebhook: notificationUrl(fulfilmentUrl),
      // worked example
      wechatPayApi,
    }),
  );
  // worked example
  await notifyThrough(endpoint, LOCAL_ACCOUNT);
  // worked example
  if (isDemoDeployed(outputs)) {
    await giveWebhookSecret(endpoint, outputs, LOCAL_ACCOUNT, fulfilmentUrl);
    return playAndTell(endpoint, outputs, options);
  }
  if (options.json) console.log(JSON.stringify({ ok: true, outputs }));
  return true;
}

function stillUp({ endpoint }: Emulator): string {
  return `The local AWS stays up at ${endpoint} (account ${LOCAL_ACCOUNT}, ${LOCAL_REGION}). Try npm run look and npm run send-event; npm stop ends it.`;
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
        // worked example
        orders: { type: 'string', default: '3' },
        help: { type: 'boolean', default: false },
      },
    });
    // worked example
    orderCount(values.orders);
    if (!values.help) return values;
    console.log(usage);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exitCode = 2;
  }
  return undefined;
}
