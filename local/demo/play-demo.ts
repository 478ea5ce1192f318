import { paths } from '../paths.ts';
import type { Note } from '../progress.ts';
import { readMerchantKeys } from '../wechat-pay-simulator/merchant-keys.ts';
import { startWechatPaySimulator } from '../wechat-pay-simulator/simulator.ts';
import type { ExampleDeployment } from './example-deployment.ts';
import { type DemoOutcome, observeOutcome } from './outcome.ts';
import { playOrder } from './scenario.ts';

/** 15 s of WeChat Pay's schedule take 150 ms. */
const timeScale = 0.01;

export async function playDemo(deployment: ExampleDeployment, orders: number, note: Note): Promise<DemoOutcome> {
  note('giving the functions their keys');
  const simulator = await startWechatPaySimulator({
    secretsManager: deployment.secretsManager,
    outputs: deployment.outputs,
    post: deployment.postNotification,
    timeScale,
    keys: readMerchantKeys(paths.simulatorKeys),
  });
  note('sending notifications');
  const run = Date.now().toString(36).toUpperCase();
  const stories = await Promise.all(
    Array.from({ length: orders }, (_, at) => playOrder({ deployment, simulator }, `DEMO-${run}-${at + 1}`, 8800 + at)),
  );
  return observeOutcome(deployment, stories, note);
}
