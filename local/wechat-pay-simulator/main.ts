import { isAlive } from '../lock.mjs';
import { paths } from '../paths.ts';
import { startWechatPayServer } from './api/server.ts';
import { createMerchantKeys, writeKeys } from './merchant-keys.ts';

/**
 * `node local/wechat-pay-simulator/main.ts PID`: WeChat Pay as a process of its own, with keys of its own, which ends with the process PID.
 * Tells its parent its URL.
 */
const watched = Number(process.argv[2]);

const keys = createMerchantKeys();
writeKeys(paths.simulatorKeys, keys);
const { url } = await startWechatPayServer({ keys });
setInterval(() => {
  if (!isAlive(watched)) process.exit();
}, 1_000);
process.send?.({ url, serial: keys.serial });
