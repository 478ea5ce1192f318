import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deploy } from '../../local/deploy.ts';
import { type Emulator, ensureEmulator } from '../../local/emulator.ts';
// worked example
import { ensureMerchant } from '../../local/merchant/merchant-process.ts';
import { step } from '../../local/progress.ts';
import { deploymentFile, testAccount } from './deployment-file.ts';
// worked example
import { startTestValkey, stopTestValkey } from './test-valkey.ts';

let emulator: Emulator | undefined;

/** Before the integration tests: the real stacks, in an account of their own of the local AWS. */
export default async function setUp(): Promise<void> {
  const up = await step('local AWS is up', ensureEmulator);
  emulator = up;
  try {
    const { endpoint } = up;
    // worked example
    const valkeyUrl = await step('Valkey is up', startTestValkey);
    // worked example
    const fulfilmentUrl = await ensureMerchant(up);
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
      }),
    );
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
}
