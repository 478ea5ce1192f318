import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AnswerTooLargeError, createHttpFetch } from '../../../../../lambdas/shared/http/http-fetch.ts';
import { NoAnswerError } from '../../../../../lambdas/shared/http/no-answer-error.ts';
import { rejectionOf } from '../../builders.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function urlOf(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?query=1`;
}

const fetchWhole = createHttpFetch({ timeoutMs: 2_000, mostAnswerBytes: 1_000 });

describe('one request', () => {
  it('is sent character for character, and its answer read byte for byte', async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x0d, 0x0a, 0x7d]);
    const seen: string[] = [];
    const url = await urlOf((request, response) => {
      request.on('data', (chunk) => seen.push(String(chunk)));
      request.on('end', () => response.writeHead(404, { 'Wechatpay-Serial': 'S' }).end(bytes));
    });

    const answer = await fetchWhole({ method: 'POST', url, headers: { 'x-y': 'z' }, body: '{"a": 1 }' });

    expect(seen.join('')).toBe('{"a": 1 }');
    expect(answer).toMatchObject({ status: 404, headers: { 'wechatpay-serial': 'S' }, body: bytes });
  });

  it('follows no redirect', async () => {
    const url = await urlOf((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end());

    expect(await fetchWhole({ method: 'GET', url, headers: {} })).toMatchObject({ status: 302 });
  });

  it('ends with an error that says why, when nobody listens, nothing comes in time, or too much comes', async () => {
    const silent = await urlOf(() => {});
    const endless = await urlOf((_, response) => response.end('x'.repeat(1_001)));
    const get = (url: string, deadline?: AbortSignal) => fetchWhole({ method: 'GET', url, headers: {}, deadline });

    expect(await rejectionOf(get('http://127.0.0.1:9/'))).toBeInstanceOf(NoAnswerError);
    expect(await rejectionOf(get(silent, AbortSignal.timeout(50)))).toBeInstanceOf(NoAnswerError);
    expect(await rejectionOf(get(endless))).toBeInstanceOf(AnswerTooLargeError);
  });
});
