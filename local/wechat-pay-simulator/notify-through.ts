import { accountHint } from '../deployment.ts';
import { simulatorClient } from './simulator-client.ts';
import { wechatPayUrl } from './simulator-process.ts';

/** Lets the local WeChat Pay reach what is deployed: the host name of a `NotifyUrl` of an emulator resolves in few programs. Answers where WeChat Pay is. */
export async function notifyThrough(endpoint: string, account: string): Promise<string> {
  const url = wechatPayUrl();
  await simulatorClient(url).change({ notifyThrough: { endpoint, headers: accountHint(account) } });
  return url;
}
