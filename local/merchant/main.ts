import { isAlive } from '../lock.mjs';
import { startMerchant } from './merchant.ts';

/** `node local/merchant/main.ts PID`: the merchant as a process of its own, which ends with the process PID. Tells its parent its URL. */
const watched = Number(process.argv[2]);

const { url } = await startMerchant((seen) => console.log(JSON.stringify(seen)));
setInterval(() => {
  if (!isAlive(watched)) process.exit();
}, 1_000);
process.send?.({ url });
