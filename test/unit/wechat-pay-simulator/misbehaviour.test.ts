import { decideBy } from '../../../local/wechat-pay-simulator/misbehaviour/decide.ts';
import {
  badDay,
  type Misbehaviour,
  wellBehaved,
} from '../../../local/wechat-pay-simulator/misbehaviour/misbehaviour.ts';
import { givenWechatPay, keys, mchid, orderOf, refundOf, urls } from './merchant.ts';

const numbers = Array.from({ length: 40 }, (_, at) => `ORDER-${1000 + at}`);

/** Orders are placed, paid and refunded on a day like this. */
async function playedOn(misbehaviour: Partial<Misbehaviour>, order: readonly string[] = numbers) {
  // The API itself behaves: how often a request is repeated is the merchant's affair.
  const calm = {
    outage: 0,
    rateLimited: 0,
    systemError: 0,
    notEnough: 0,
    unsigned: 0,
    wronglySigned: 0,
    droppedAfterWork: 0,
    slow: 0,
  };
  const given = givenWechatPay({ misbehaviour: { ...misbehaviour, ...calm } });
  for (const number of order) {
    await given.call('POST', urls.native, orderOf(number));
    given.wechatPay.pay(number);
    await given.call('POST', urls.refunds, refundOf(number, `R-${number}`, 100));
    given.wechatPay.settle(`R-${number}`);
  }
  await given.quiet();
  return given;
}

/** What was decided, of each order and refund. */
function decidedIn({ wechatPay }: ReturnType<typeof givenWechatPay>) {
  const { callbacks, refunds } = wechatPay.books();
  const told = callbacks.map(
    ({ event_type, out_trade_no, out_refund_no, misbehaviours, state, tries }) =>
      `${event_type} ${out_trade_no} ${out_refund_no} ${misbehaviours} ${state} ${tries.map(({ kind, serial }) => `${kind} ${serial}`)}`,
  );
  return [...told, ...refunds.map(({ out_refund_no, status }) => `${out_refund_no} ${status}`)].sort();
}

describe('misbehaviour', () => {
  it('is decided alike by the same seed, in whatever order it comes', async () => {
    const few = numbers.slice(0, 15);
    const one = decidedIn(await playedOn(badDay(7), few));
    const other = decidedIn(await playedOn(badDay(7), [...few].reverse()));

    expect(other).toEqual(one);
    expect(decidedIn(await playedOn(badDay(8), few))).not.toEqual(one);
  });

  it('of the API is decided alike too', async () => {
    const troublesIn = async (order: readonly string[]) => {
      const { call, wechatPay } = givenWechatPay({ misbehaviour: { seed: 4, rateLimited: 0.3, systemError: 0.3 } });
      for (const number of order) await call('POST', urls.native, orderOf(number));
      return wechatPay
        .books()
        .requests.map(({ body, trouble }) => `${JSON.parse(body).out_trade_no} ${trouble}`)
        .sort();
    };

    const one = await troublesIn(numbers);

    expect(await troublesIn([...numbers].reverse())).toEqual(one);
    expect(new Set(one.map((each) => each.split(' ')[1])).size).toBe(3);
  });

  it('of a bad day is all of it', async () => {
    const { wechatPay } = await playedOn(badDay(8));
    const { callbacks, refunds } = wechatPay.books();

    expect(new Set(callbacks.flatMap(({ misbehaviours }) => misbehaviours)).size).toBe(8);
    expect(new Set(refunds.map(({ status }) => status))).toEqual(new Set(['SUCCESS', 'CLOSED', 'ABNORMAL']));
    const serials = callbacks.flatMap(({ tries }) => tries.map(({ serial }) => serial));
    for (const serial of Object.keys(keys.secret.publicKeys)) expect(serials).toContain(serial);
  });

  it('is none without a seed that asks for it', async () => {
    const { received, wechatPay } = await playedOn(wellBehaved, numbers.slice(0, 10));

    expect(received).toHaveLength(20);
    expect(wechatPay.books().refunds.every(({ status }) => status === 'SUCCESS')).toBe(true);
    expect(new Set(received.map(({ headers }) => headers['wechatpay-serial']))).toEqual(new Set([keys.serial]));
  });

  it.each([0.01, 0.1, 0.5, 0.9])('happens about as often as asked: %d', (share) => {
    const decide = decideBy({ ...wellBehaved, seed: 3, probe: share });

    const happened = Array.from({ length: 20_000 }, (_, at) => decide('probe', `ORDER-${at}`)).filter(Boolean).length;

    expect(Math.abs(happened / 20_000 - share)).toBeLessThan(0.015);
  });

  it('moves callbacks from one key to the other, as a migration does', async () => {
    const { received } = await playedOn({ seed: 5, newKeyShare: 0.2 });

    const moved = received.filter(({ headers }) => headers['wechatpay-serial'] === keys.serial).length;
    expect(moved / received.length).toBeGreaterThan(0.08);
    expect(moved / received.length).toBeLessThan(0.35);
  });

  it('has orders paid while they are closed', async () => {
    const given = givenWechatPay({ misbehaviour: { seed: 1, paymentRacesClose: 0.5 } });
    const statuses: number[] = [];
    for (const number of numbers) {
      await given.call('POST', urls.native, orderOf(number));
      statuses.push((await given.call('POST', urls.close(number), { mchid })).status);
    }
    await given.quiet();

    expect(new Set(statuses)).toEqual(new Set([204, 400]));
    expect(given.received).toHaveLength(statuses.filter((status) => status === 400).length);
  });

  it('of the API begins outages by chance, which end', async () => {
    const given = givenWechatPay({ misbehaviour: { seed: 2, outage: 0.05 } });
    const statuses: number[] = [];
    for (let at = 0; at < 100; at++) {
      statuses.push((await given.call('GET', urls.order('ORDER-0001'))).status);
      given.time.advance(1_000);
    }

    const begun = statuses.indexOf(503);
    expect(begun).toBeGreaterThan(-1);
    expect(statuses.slice(begun, begun + 30)).toEqual(Array(30).fill(503));
    expect(statuses.slice(begun + 30)).toContain(404);
  });
});
