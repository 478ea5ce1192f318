import { fileURLToPath } from 'node:url';

const inProject = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const windows = process.platform === 'win32';

/** Where the local AWS keeps its things. All of `.local/` may be deleted when nothing runs. */
export const paths = {
  project: inProject(''),
  local: inProject('.local'),
  logs: inProject('.local/logs'),
  cdk: inProject('.local/cdk'),
  /** The HOME of commands that must not find the user's own settings and credentials. */
  home: inProject('.local/home'),
  emulator: inProject('.local/emulator.json'),
  // worked example
  /** Both halves of the keys the local WeChat Pay signs with. */
  simulatorKeys: inProject('.local/wechat-pay-simulator.json'),
  // worked example
  /** Where the local WeChat Pay listens. */
  wechatPay: inProject('.local/wechat-pay.json'),
  // worked example
  wechatPayLog: inProject('.local/logs/wechat-pay.log'),
  // worked example
  valkey: inProject('.local/valkey.json'),
  // worked example
  valkeyLock: inProject('.local/valkey.lock'),
  // worked example
  valkeyLog: inProject('.local/logs/valkey.log'),
  // worked example
  /** Where the merchant that orders are fulfilled by listens. */
  merchant: inProject('.local/merchant.json'),
  // worked example
  merchantLog: inProject('.local/logs/merchant.log'),
  emulatorLock: inProject('.local/emulator.lock'),
  emulatorLog: inProject('.local/logs/emulator.log'),
  venv: inProject('.local/venv'),
  python: inProject(windows ? '.local/venv/Scripts/python.exe' : '.local/venv/bin/python'),
  /** Not node_modules/.bin: on Windows that holds a script, which MiniStack cannot start. */
  node24: inProject('node_modules/node/bin'),
  cdkCli: inProject('node_modules/aws-cdk/bin/cdk'),
};
