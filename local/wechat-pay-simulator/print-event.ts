import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runningEndpoint } from '../emulator.ts';
import { paths } from '../paths.ts';
import { readMerchantKeys } from './merchant-keys.ts';
import { notificationEvent } from './notification-event.ts';

const usage = `npm run --silent notify-event -- [options]: prints a freshly signed test event for the function wechat-pay-notify.

  --keys FILE            keys made by npm run simulator-keys (default: those of the running npm start)
  --out-trade-no NUMBER  the order that is paid (default WARREN-EVENT-0001)
  --total FEN            what was paid, in 分 (default 8800)

It is valid for five minutes, for functions whose secret holds the public half of the keys.
`;

try {
  const { values } = parseArgs({
    options: {
      keys: { type: 'string' },
      'out-trade-no': { type: 'string', default: 'WARREN-EVENT-0001' },
      total: { type: 'string', default: '8800' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
  } else {
    const total = Number(values.total);
    if (!Number.isInteger(total) || total < 0) throw new Error('--total takes a whole number of 分');
    const keysFile = values.keys ?? (await keysOfRunningStart());
    if (!existsSync(keysFile)) {
      throw new Error(`There is no ${keysFile}. Make keys with: npm run simulator-keys -- keys.json`);
    }
    const event = notificationEvent(
      readMerchantKeys(keysFile),
      { out_trade_no: values['out-trade-no'], total },
      new Date(),
    );
    console.log(JSON.stringify(event, null, 2));
  }
} catch (error) {
  const isUsage = error instanceof Error && 'code' in error;
  console.error(`${error instanceof Error ? error.message : error}${isUsage ? `\n\n${usage}` : ''}`);
  process.exitCode = 2;
}

/** The file outlives the local AWS whose functions know the keys in it: no keys are better than such. */
async function keysOfRunningStart(): Promise<string> {
  if (existsSync(paths.simulatorKeys) && (await runningEndpoint()) !== undefined) return paths.simulatorKeys;
  throw new Error(
    'No npm start runs whose keys these could be. Run npm start -- --once first, or give keys of your own: --keys FILE (npm run simulator-keys -- FILE makes them)',
  );
}
