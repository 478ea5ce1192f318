import { retrySchedule } from '../../../local/wechat-pay-simulator/deliver.ts';
import type { CallbackMisbehaviour } from '../../../local/wechat-pay-simulator/misbehaviour/misbehaviour.ts';
import {
  givenPaid,
  givenWechatPay,
  isSigned,
  keys,
  notify_url,
  orderOf,
  type Received,
  refundOf,
  taken,
  toldBy,
  urls,
} from './merchant.ts';

const number = 'ORDER-0001';
const failed = { status: 500, body: '{"code":"FAIL"}' };
const start = Date.parse('2026-11-23T02:00:00Z');
const secondsOf = (received: readonly Received[]) => received.map(({ at }) => (at.getTime() - start) / 1000);
const kindsOf = (given: ReturnType<typeof givenWechatPay>, at = 0) =>
  given.wechatPay.books().callbacks[at]?.tries.map(({ kind, status }) => [kind, status]);

/** An order that is placed, and to be told of as planned. */
async function givenPlanned(
  misbehaviours: readonly CallbackMisbehaviour[],
  ...rest: Parameters<typeof givenWechatPay>
) {
  const given = givenWechatPay(...rest);
  await given.call('POST', urls.native, orderOf(number));
  given.wechatPay.postOffice.plan(number, [misbehaviours]);
  return given;
}

describe('a callback of WeChat Pay', () => {
  it('tells of a payment what the query answers', async () => {
    const given = givenWechatPay();
    await givenPaid(given, number);

    expect(given.received).toHaveLength(1);
    const [received] = given.received;
    if (!received) throw new Error('nothing received');
    expect(received.notify_url).toBe(notify_url);
    expect(isSigned(received)).toBe(true);
    expect(toldBy(received)).toEqual({
      event_type: 'TRANSACTION.SUCCESS',
      original_type: 'transaction',
      resource: (await given.call('GET', urls.order(number))).json,
    });
    expect(given.wechatPay.books().callbacks).toMatchObject([{ out_trade_no: number, state: 'delivered' }]);
  });

  it('is sent 16 times in 24 h 4 min to a merchant that never takes it, signed anew each time', async () => {
    const given = await givenPlanned([], {}, () => failed);

    given.wechatPay.pay(number);
    await given.quiet();

    const cumulative = [15, 30, 60, 240, 840, 2040, 3840, 5640, 7440, 11_040, 21_840, 32_640, 43_440, 65_040, 86_640];
    expect(secondsOf(given.received)).toEqual([0, ...cumulative]);
    expect(retrySchedule).toHaveLength(15);
    expect(given.received.every(isSigned)).toBe(true);
    expect(new Set(given.received.map(({ headers }) => headers['wechatpay-nonce'])).size).toBe(16);
    expect(given.received.map(({ headers }) => Number(headers['wechatpay-timestamp']) - start / 1000)).toEqual([
      0,
      ...cumulative,
    ]);
    expect(new Set(given.received.map(({ body }) => body)).size).toBe(1);
    expect(given.wechatPay.books().callbacks).toMatchObject([{ state: 'given-up', tries: { length: 16 } }]);
  });

  it('is sent until it is taken, on the scaled clock', async () => {
    const given = await givenPlanned([], { timeScale: 0.01 }, (_, count) => (count < 4 ? failed : taken));

    given.wechatPay.pay(number);
    await given.quiet();

    expect(secondsOf(given.received)).toEqual([0, 0.15, 0.3, 0.6]);
    expect(given.wechatPay.books().callbacks).toMatchObject([{ state: 'delivered' }]);
  });

  it('that is not answered within five seconds, unscaled, has failed', async () => {
    const given = await givenPlanned([], { timeScale: 0.01 }, (_, count) =>
      count === 1 ? new Promise(() => {}) : taken,
    );

    given.wechatPay.pay(number);
    await given.quiet();

    expect(secondsOf(given.received)).toEqual([0, 5.15]);
    expect(kindsOf(given)).toEqual([
      ['signed', 0],
      ['signed', 204],
    ]);
  });

  it('whose connection breaks is sent again', async () => {
    const given = await givenPlanned([], {}, (_, count) => {
      if (count === 1) throw new Error('ECONNREFUSED');
      return taken;
    });

    given.wechatPay.pay(number);
    await given.quiet();

    expect(secondsOf(given.received)).toEqual([0, 15]);
  });

  it('may be asked for once more', async () => {
    const given = givenWechatPay();
    await givenPaid(given, number);

    given.wechatPay.tellAgain({ out_trade_no: number });
    await given.quiet();

    const [first, second] = given.received.map(toldBy);
    expect(second).toEqual(first);
  });

  it('may be of profit sharing, with the event type of a payment', async () => {
    const given = givenWechatPay();
    const transaction_id = await givenPaid(given, number);

    given.wechatPay.profitSharing(number);
    await given.quiet();

    const [, told] = given.received.map(toldBy);
    expect(told).toMatchObject({
      event_type: 'TRANSACTION.SUCCESS',
      original_type: 'profitsharing',
      resource: { transaction_id, receiver: { amount: 880 } },
    });
  });

  it('may be the newer self-test', async () => {
    const given = givenWechatPay();

    given.wechatPay.securityEcho(notify_url);
    await given.quiet();

    expect(given.received.map(toldBy)).toMatchObject([{ event_type: 'SECURITY_ECHO.SUCCESS' }]);
  });
});

describe('a callback that misbehaves', () => {
  it('comes twice at the same moment, each signed for itself', async () => {
    const given = await givenPlanned(['duplicate']);

    given.wechatPay.pay(number);
    await given.quiet();

    expect(secondsOf(given.received)).toEqual([0, 0]);
    expect(given.received.map(isSigned)).toEqual([true, true]);
    expect(given.received[0]?.body).toBe(given.received[1]?.body);
  });

  it('never comes', async () => {
    const given = await givenPlanned(['silence', 'duplicate']);

    given.wechatPay.pay(number);
    await given.quiet();

    expect(given.received).toEqual([]);
    expect(given.wechatPay.books().callbacks).toMatchObject([{ state: 'silent' }]);
  });

  it('comes late', async () => {
    const given = await givenPlanned(['late'], { misbehaviour: { lateSeconds: 600 } });

    given.wechatPay.pay(number);
    await given.quiet();

    expect(secondsOf(given.received)).toEqual([600]);
  });

  it('begins with a probe, and is sent again even to a merchant that takes it', async () => {
    const given = await givenPlanned(['probe']);

    given.wechatPay.pay(number);
    await given.quiet();

    expect(
      given.received.map(({ headers }) => headers['wechatpay-signature']?.startsWith('WECHATPAY/SIGNTEST/')),
    ).toEqual([true, false]);
    expect(given.received.map(isSigned)).toEqual([false, true]);
    expect(secondsOf(given.received)).toEqual([0, 15]);
  });

  it('comes after copies that somebody else has made, which count for nothing', async () => {
    const given = await givenPlanned(['forged', 'stale', 'unknownKey']);

    given.wechatPay.pay(number);
    await given.quiet();

    const [forged, stale, unknownKey, signed] = given.received;
    if (!forged || !stale || !unknownKey || !signed) throw new Error('not four');
    expect([forged, unknownKey].map(isSigned)).toEqual([false, false]);
    expect(forged.body).not.toBe(signed.body);
    expect(Object.keys(keys.secret.publicKeys)).not.toContain(unknownKey.headers['wechatpay-serial']);
    expect([stale, signed].map(isSigned)).toEqual([true, true]);
    expect(Number(stale.headers['wechatpay-timestamp'])).toBe(start / 1000 - 600);
    expect(kindsOf(given)).toEqual([
      ['forged', 204],
      ['stale', 204],
      ['unknownKey', 204],
      ['signed', 204],
    ]);
  });

  it('tells of a refund before its payment', async () => {
    const given = await givenPlanned(['reorder']);
    given.wechatPay.pay(number);
    await given.call('POST', urls.refunds, refundOf(number, 'R-1', 100));
    given.wechatPay.settle('R-1');

    await given.quiet();

    expect(given.received.map(toldBy).map(({ event_type }) => event_type)).toEqual([
      'REFUND.SUCCESS',
      'TRANSACTION.SUCCESS',
    ]);
  });

  it('tells of a payment late when no refund comes', async () => {
    const given = await givenPlanned(['reorder']);

    given.wechatPay.pay(number);
    await given.quiet();

    expect(secondsOf(given.received)).toEqual([3600]);
  });
});
