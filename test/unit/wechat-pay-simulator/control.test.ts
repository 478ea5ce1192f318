import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startWechatPayServer, type WechatPayServer } from '../../../local/wechat-pay-simulator/api/server.ts';
import { badDay } from '../../../local/wechat-pay-simulator/misbehaviour/misbehaviour.ts';
import { simulatorClient } from '../../../local/wechat-pay-simulator/simulator-client.ts';
import { isSigned, keys, orderOf, refundOf, signedRequest, urls } from './merchant.ts';

let server: WechatPayServer;
let merchant: Server;
let seen: { readonly host: string | undefined; readonly extra: string | undefined; readonly path: string }[];
let notify_url: string;

beforeEach(async () => {
  seen = [];
  server = await startWechatPayServer({ keys, settings: { timeScale: 0.001 } });
  merchant = createServer((request, response) => {
    const { host, 'x-account': extra } = request.headers;
    seen.push({ host, extra: String(extra), path: request.url ?? '' });
    request.resume();
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => merchant.listen(0, '127.0.0.1', resolve));
  notify_url = `http://127.0.0.1:${(merchant.address() as AddressInfo).port}/notify`;
});
afterEach(async () => {
  await server.close();
  merchant.closeAllConnections();
  await new Promise((resolve) => merchant.close(resolve));
});

/** A signed request over real HTTP. */
async function call(method: string, url: string, body?: unknown) {
  const request = signedRequest(method, url, body, new Date());
  const response = await fetch(new URL(url, server.url), {
    method,
    headers: { authorization: request.headers.authorization ?? '' },
    ...(body !== undefined && { body: request.body.toString('utf8') }),
  });
  const text = await response.text();
  return { status: response.status, headers: Object.fromEntries(response.headers), body: text };
}

describe('the control of the local WeChat Pay', () => {
  it('pays an order, settles its refund, and shows all of it in the books', async () => {
    const client = simulatorClient(server.url);
    await client.change({ settleAfterSeconds: null });
    const placed = await call('POST', urls.native, orderOf('ORDER-0001', { notify_url }));
    await client.pay('ORDER-0001', { openid: 'o-1' });
    await call('POST', urls.refunds, refundOf('ORDER-0001', 'R-1', 100));
    await client.settle('R-1', 'ABNORMAL');
    await client.untilQuiet();

    const books = await client.booksOf('ORDER-0001');

    expect([placed.status, isSigned(placed)]).toEqual([200, true]);
    expect(books).toMatchObject({
      orders: [{ state: { trade_state: 'REFUND', payment: { openid: 'o-1' } } }],
      refunds: [{ out_refund_no: 'R-1', status: 'ABNORMAL' }],
      callbacks: [
        { event_type: 'TRANSACTION.SUCCESS', state: 'delivered', tries: [{ status: 204, serial: keys.serial }] },
        { event_type: 'REFUND.ABNORMAL', state: 'delivered' },
      ],
    });
    expect(await client.booksOf('ORDER-0002')).toEqual({ orders: [], refunds: [], callbacks: [], requests: [] });
    expect(seen.map(({ path }) => path)).toEqual(['/notify', '/notify']);
  });

  it('waits for refunds that settle by themselves', async () => {
    const client = simulatorClient(server.url);
    await call('POST', urls.native, orderOf('ORDER-0001', { notify_url }));
    await client.pay('ORDER-0001');
    await call('POST', urls.refunds, refundOf('ORDER-0001', 'R-1', 100));

    const { refunds, callbacks } = await client.untilQuiet();

    expect(refunds).toMatchObject([{ status: 'SUCCESS' }]);
    expect(callbacks.map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  });

  it('says what a user would be told, and what is not as it should be', async () => {
    const client = simulatorClient(server.url);

    await expect(client.pay('ORDER-0001')).rejects.toThrow('404 {"code":"ORDER_NOT_EXIST"');
    await expect(client.change({ timeScale: -1 })).rejects.toThrow('timeScale');
    await expect(client.change({ misbehaviour: { probe: 2 } })).rejects.toThrow('misbehaviour.probe');
  });

  it('changes settings in part, has a bad day, and ends it', async () => {
    const client = simulatorClient(server.url);

    await client.change({ misbehaviour: badDay(3) });
    const changed = await client.change({ misbehaviour: { lateSeconds: 5 } });
    const behaved = await client.behave();

    expect(changed.misbehaviour).toEqual({ ...badDay(3), lateSeconds: 5 });
    expect(changed.timeScale).toBe(0.001);
    expect(behaved.misbehaviour).toMatchObject({ silence: 0, newKeyShare: 1 });
  });

  it('reaches a notify_url that does not resolve by way of an endpoint', async () => {
    const client = simulatorClient(server.url);
    const endpoint = new URL(notify_url).origin;
    await client.change({ notifyThrough: { endpoint, headers: { 'x-account': '1' } } });

    await client.tellSecurityEcho('https://abc123.execute-api.nowhere/wechat-pay/notify');
    await client.untilQuiet();

    expect(seen).toEqual([{ host: 'abc123.execute-api.nowhere', extra: '1', path: '/wechat-pay/notify' }]);
  });

  it('plans callbacks, answers, races and outages', async () => {
    const client = simulatorClient(server.url);
    await client.planCallbacks('ORDER-0001', ['probe'], []);
    await client.planAnswers('ORDER-0001', 'systemError', 'droppedAfterWork');

    expect((await call('POST', urls.native, orderOf('ORDER-0001', { notify_url }))).status).toBe(500);
    await expect(call('POST', urls.native, orderOf('ORDER-0001', { notify_url }))).rejects.toThrow();
    await client.payWhenClosing('ORDER-0001');
    const close = await call('POST', urls.close('ORDER-0001'), { mchid: keys.secret.mchid });
    await client.tellAgain({ out_trade_no: 'ORDER-0001' });
    const { callbacks } = await client.untilQuiet();
    await client.beginOutage(60_000, 'dropped');

    expect(close).toMatchObject({ status: 400, body: expect.stringContaining('ORDERPAID') });
    expect(callbacks.map(({ tries }) => tries.map(({ kind }) => kind))).toEqual([['probe', 'signed'], ['signed']]);
    await expect(call('GET', urls.order('ORDER-0001'))).rejects.toThrow();
  });
});
