import { z } from 'zod';
import { besideEmulator } from '../beside-emulator.ts';
import type { Emulator } from '../emulator.ts';
import { paths } from '../paths.ts';
import { type MerchantKeys, readMerchantKeys } from './merchant-keys.ts';

/** Where WeChat Pay's API is reached, and the keys of both ends. */
export interface RunningWechatPay {
  readonly url: string;
  readonly keys: MerchantKeys;
}

const wechatPay = besideEmulator({
  name: 'WeChat Pay',
  note: paths.wechatPay,
  log: paths.wechatPayLog,
  main: `${import.meta.dirname}/main.ts`,
  /** `serial`: of the keys it signs with. */
  said: z.object({ url: z.url(), serial: z.string() }),
  // Its keys are noted nowhere any more: nobody could verify what it signs.
  isFit: ({ serial }) => notedKeys()?.serial === serial,
});

/** The local WeChat Pay: the one that runs already, else a new one with new keys, which ends with the local AWS. */
export async function ensureWechatPay(emulator: Pick<Emulator, 'pid'>): Promise<RunningWechatPay> {
  const { url } = await wechatPay.ensure(emulator);
  return { url, keys: readMerchantKeys(paths.simulatorKeys) };
}

/** Throws when none was started here. */
export function wechatPayUrl(): string {
  const said = wechatPay.said();
  if (!said) throw new Error('no WeChat Pay is up: npm start starts it');
  return said.url;
}

function notedKeys(): MerchantKeys | undefined {
  try {
    return readMerchantKeys(paths.simulatorKeys);
  } catch {
    return undefined;
  }
}
