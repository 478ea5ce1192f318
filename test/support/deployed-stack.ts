import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
// worked example
import { connectExample } from '../../local/demo/example-deployment.ts';
import { deploy } from '../../local/deploy.ts';
import { type Emulator, ensureEmulator } from '../../local/emulator.ts';
// worked example
import { giveWebhookSecret } from '../../local/merchant/give-webhook-secret.ts';
// worked example
import { ensureMerchant } from '../../local/merchant/merchant-process.ts';
// worked example
import { notificationUrl } from '../../local/merchant/notification-client.ts';
import { paths } from '../../local/paths.ts';
import { step } from '../../local/progress.ts';
// worked example
import { giveSecrets } from '../../local/wechat-pay-simulator/give-secrets.ts';
// worked example
import { ensureWechatPay } from '../../local/wechat-pay-simulator/simulator-process.ts';
import { deploymentFile, testAccount } from './deployment-file.ts';
import { grantedActions, resourcesOf } from './granted-actions.ts';
import { judgeCalls, recordedCalls, startRecording, usedActions } from './recorded-calls.ts';
// worked example
import { startTestValkey, stopTestValkey } from './test-valkey.ts';

/** Where they were synthesised. */
const assembly = path.join(paths.cdk, testAccount);

let emulator: Emulator | undefined;

/** Before the integration tests: the real stacks, in an account of their own of the local AWS. */
export default async function setUp(): Promise<void> {
  const up = await step('local AWS is up', () => ensureEmulator(startRecording()));
  emulator = up;
  try {
    const { endpoint } = up;
    // worked example
    const valkeyUrl = await step('Valkey is up', startTestValkey);
    // worked example
    const fulfilmentUrl = await ensureMerchant(up);
    // worked example
    const { url: wechatPayApi, keys } = await ensureWechatPay(up);
    const outputs = await step('stacks deployed', (note) =>
      deploy({
        endpoint,
        account: testAccount,
        stage: 'local',
        note,
        // worked example
        valkeyUrl,
        // worked example
        fulfilmentUrl,
        // worked example
        merchantWebhook: notificationUrl(fulfilmentUrl),
        // worked example
        wechatPayApi,
      }),
    );
    // worked example
    // Else functions that ask WeChat Pay have nothing to sign with, in tests that begin with none of its notifications.
    await giveSecrets(connectExample(endpoint, outputs, testAccount), keys);
    // worked example
    await giveWebhookSecret(endpoint, outputs, testAccount, fulfilmentUrl);
    mkdirSync(path.dirname(deploymentFile), { recursive: true });
    writeFileSync(deploymentFile, JSON.stringify({ endpoint, outputs }));
  } catch (error) {
    await up.stop();
    // worked example
    await stopTestValkey();
    throw error;
  }
}

export async function tearDown(): Promise<void> {
  await emulator?.stop();
  // worked example
  await stopTestValkey();
  const { refused, unseen } = judgeCalls(recordedCalls(), {
    known: usedActions(),
    granted: grantedActions(deployed()),
  });
  if (unseen.length > 0) process.stderr.write(`Not in test/least-privilege/used-actions.json: ${unseen.join(', ')}\n`);
  if (refused.length > 0) throw new NotGrantedError(refused);
}

/** The resources of the stacks that were deployed. */
function deployed() {
  const files = globSync('*.template.json', { cwd: assembly });
  return resourcesOf(files.map((file) => JSON.parse(readFileSync(path.join(assembly, file), 'utf8'))));
}

/** Functions have called what they may not: the local AWS lets them, AWS would not. */
class NotGrantedError extends Error {
  override readonly name = 'NotGrantedError';

  constructor(calls: readonly string[]) {
    super(
      `functions have called what their roles do not allow: ${calls.join(', ')}. Grant it where lib/ makes the function`,
    );
  }
}
