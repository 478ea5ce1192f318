import { z } from 'zod';
import { besideEmulator } from '../beside-emulator.ts';
import type { Emulator } from '../emulator.ts';
import { paths } from '../paths.ts';

const merchant = besideEmulator({
  name: 'The merchant',
  note: paths.merchant,
  log: paths.merchantLog,
  main: `${import.meta.dirname}/main.ts`,
  said: z.object({ url: z.url() }),
});

/** Where the merchant listens that orders are fulfilled by: the one that runs already, else a new one, which ends with the local AWS. */
export async function ensureMerchant(emulator: Pick<Emulator, 'pid'>): Promise<string> {
  return (await merchant.ensure(emulator)).url;
}

/** Throws when none was started here. */
export function merchantUrl(): string {
  const said = merchant.said();
  if (!said) throw new Error('no merchant is up: npm start starts it');
  return said.url;
}
