import pLimit from 'p-limit';
import { createApi } from './api/api.ts';
import { createBills } from './api/bills.ts';
import type { ApiRequest } from './api/request.ts';
import { createRoutes } from './api/routes.ts';
import type { SeenRequest } from './api/seen-request.ts';
import { createTroubles } from './api/trouble.ts';
import { createOrders } from './books/orders.ts';
import type { SettledStatus } from './books/refund.ts';
import { createRefunds } from './books/refunds.ts';
import { createPostOffice } from './callbacks/post-office.ts';
import { createTelling } from './callbacks/telling.ts';
import { type Post, postThrough, postTo } from './deliver.ts';
import type { MerchantKeys, SigningKey } from './merchant-keys.ts';
import { type Decide, decideBy } from './misbehaviour/decide.ts';
import { changed, defaultSettings, type Settings, type SettingsChange } from './settings.ts';
import type { Time } from './time.ts';

/** Callbacks at the merchant at the same time. */
const mostUnderWay = 8;

export interface WechatPayOptions {
  readonly keys: MerchantKeys;
  readonly time: Time;
  /** Where it is reached: bills are downloaded there. */
  readonly origin: () => string;
  /** Ends what sleeps. */
  readonly end: AbortSignal;
  readonly settings?: SettingsChange;
  /** Instead of a real POST to a notify_url. */
  readonly postTo?: (notify_url: string) => Post;
}

export type WechatPay = ReturnType<typeof createWechatPay>;

/** WeChat Pay towards one merchant: its API, its books, its callbacks, and what goes wrong with them. */
export function createWechatPay({ keys, time, origin, end, settings: change = {}, ...options }: WechatPayOptions) {
  let settings: Settings = changed(defaultSettings, change);
  const requests: SeenRequest[] = [];
  const racing = new Set<string>();

  const decide: Decide = (what, subject) => decideBy(settings.misbehaviour)(what, subject);
  const sleepSeconds = (seconds: number) => time.sleep(seconds * 1000 * settings.timeScale, end);
  const keyFor = (subject: string): SigningKey => (decide('newKeyShare', subject) ? keys : keys.platformCertificate);

  const orders = createOrders(time.now);
  const refunds = createRefunds(orders, time.now);
  const postOffice = createPostOffice({
    apiV3Key: keys.secret.apiV3Key,
    time,
    sleepSeconds,
    decide,
    lateSeconds: () => settings.misbehaviour.lateSeconds,
    postTo: options.postTo ?? reach,
    keyFor,
    inTurn: pLimit(mostUnderWay),
  });
  const telling = createTelling({ orders, refunds, postOffice, decide, racing, mchid: keys.secret.mchid });
  const troubles = createTroubles({
    time,
    decide,
    outageMs: () => settings.misbehaviour.outageSeconds * 1000 * settings.timeScale,
  });
  const books = () => ({ orders: orders.all(), refunds: refunds.all() });
  const bills = createBills({ books, now: time.now, when: () => settings.bills, origin });

  function reach(notify_url: string): Post {
    const through = settings.notifyThrough;
    return through ? postThrough(through.endpoint, notify_url, through.headers) : postTo(notify_url);
  }

  function settleLater(out_refund_no: string): void {
    const { settleAfterSeconds } = settings;
    if (settleAfterSeconds === null) return;
    sleepSeconds(settleAfterSeconds).then(
      () => refunds.find(out_refund_no).status === 'PROCESSING' && telling.settle(out_refund_no),
      () => {},
    );
  }

  const api = createApi({
    keys,
    time,
    route: createRoutes({
      merchant: keys.secret,
      orders,
      refunds,
      bills,
      onRefund: settleLater,
      beforeClose: telling.beforeClose,
    }),
    troubleOf: troubles.of,
    slowMs: () => settings.misbehaviour.slowMs,
    keyFor: answerKey,
    onSeen: (seen) => requests.push(seen),
  });

  /** A merchant may name the key it wants answers signed with. */
  function answerKey({ method, url, headers }: ApiRequest): SigningKey {
    const wanted = [keys, keys.platformCertificate].find(({ serial }) => serial === headers['wechatpay-serial']);
    return wanted ?? keyFor(`${method} ${url}`);
  }

  return {
    api,
    postOffice,
    pay: telling.pay,
    payWhenClosing: (out_trade_no: string) => void racing.add(orders.find(out_trade_no).terms.out_trade_no),
    settle: (out_refund_no: string, status?: SettledStatus) => telling.settle(out_refund_no, status),
    tellAgain: telling.again,
    profitSharing: telling.profitSharing,
    securityEcho: telling.securityEcho,
    planAnswers: troubles.plan,
    beginOutage: troubles.begin,
    change(by: SettingsChange): Settings {
      settings = changed(settings, by);
      return settings;
    },
    settings: () => settings,
    books: () => ({ ...books(), callbacks: postOffice.all(), requests }),
  };
}
