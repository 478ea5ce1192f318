import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createControl } from '../control/control.ts';
import type { MerchantKeys } from '../merchant-keys.ts';
import type { SettingsChange } from '../settings.ts';
import { realTime, type Time } from '../time.ts';
import { createWechatPay, type WechatPay } from '../wechat-pay.ts';
import type { ApiRequest } from './request.ts';

export interface WechatPayServer {
  /** Instead of https://api.mch.weixin.qq.com. */
  readonly url: string;
  readonly wechatPay: WechatPay;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly keys: MerchantKeys;
  readonly time?: Time;
  readonly settings?: SettingsChange;
}

/** WeChat Pay's API, and the control API under /simulator/, on a port of this machine alone. */
export async function startWechatPayServer({
  keys,
  time = realTime,
  settings,
}: ServerOptions): Promise<WechatPayServer> {
  const end = new AbortController();
  let url = '';
  const wechatPay = createWechatPay({ keys, time, origin: () => url, end: end.signal, ...(settings && { settings }) });
  const control = createControl(wechatPay);

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await requestOf(message);
    if (request.url.startsWith('/simulator/')) {
      const { status, body, contentType } = control(request);
      response.writeHead(status, { 'content-type': contentType }).end(body);
      return;
    }
    const answered = await wechatPay.api(request);
    if (answered) response.writeHead(answered.status, answered.headers).end(answered.body);
    else response.destroy();
  }

  const server = createServer((message, response) => {
    answer(message, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('WeChat Pay listens on no port');
  url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    wechatPay,
    async close() {
      end.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function requestOf(message: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return {
    method: message.method ?? 'GET',
    url: message.url ?? '/',
    headers: message.headers,
    body: Buffer.concat(chunks),
  };
}
