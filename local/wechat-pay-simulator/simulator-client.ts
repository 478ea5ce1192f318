import { z } from 'zod';
import { eventually } from '../eventually.ts';
import type { OutageKind, Trouble } from './api/trouble.ts';
import { type Order, orderSchema } from './books/order.ts';
import { type Refund, refundSchema, type SettledStatus } from './books/refund.ts';
import { type Callback, callbackSchema } from './callbacks/callback.ts';
import { type Books, booksSchema, paySchema, pendingSchema } from './control/contract.ts';
import type { CallbackMisbehaviour } from './misbehaviour/misbehaviour.ts';
import { wellBehaved } from './misbehaviour/misbehaviour.ts';
import { type Settings, type SettingsChange, settingsSchema } from './settings.ts';

/** For whoever plays with WeChat Pay: what its users do, what it shall do wrong, and what it has in its books. */
export interface SimulatorClient {
  /** A user pays; `success_time` in the past is a payment of that day. Throws what WeChat Pay would tell the user. */
  pay(out_trade_no: string, options?: { readonly openid?: string; readonly success_time?: string }): Promise<Order>;
  /** A user pays in the moment the merchant closes the order, which is then refused with ORDERPAID. */
  payWhenClosing(out_trade_no: string): Promise<void>;
  /** The refund ends now; how is decided by chance without a status. */
  settle(out_refund_no: string, status?: SettledStatus): Promise<Refund>;
  /** The end of a payment or refund is told once more. */
  tellAgain(number: { readonly out_trade_no: string } | { readonly out_refund_no: string }): Promise<Callback>;
  /** 分账 of a paid order, told as TRANSACTION.SUCCESS of the original type profitsharing. */
  tellProfitSharing(out_trade_no: string): Promise<Callback>;
  tellSecurityEcho(notify_url: string): Promise<Callback>;
  change(settings: SettingsChange): Promise<Settings>;
  /** No more misbehaviour by chance; what is planned stays. */
  behave(): Promise<Settings>;
  /** What the next requests meet whose URL or body holds `about`. */
  planAnswers(about: string, ...next: readonly Trouble[]): Promise<void>;
  /** How the next callbacks about an order or refund misbehave, each with a list of its own. */
  planCallbacks(about: string, ...next: readonly (readonly CallbackMisbehaviour[])[]): Promise<void>;
  /** Every request fails for so long; not scaled. */
  beginOutage(ms: number, kind?: OutageKind): Promise<void>;
  books(): Promise<Books>;
  /** Of the books what one order is in. */
  booksOf(out_trade_no: string): Promise<Books>;
  /** Waits until no callback is pending, and no refund that will settle by itself; throws after `withinMs`. */
  untilQuiet(withinMs?: number): Promise<Books>;
}

/** `url` is where WeChat Pay's API is reached. */
export function simulatorClient(url: string): SimulatorClient {
  async function call<T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(new URL(`/simulator/${path}`, url), {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`WeChat Pay: ${method} ${path} is answered with ${response.status} ${text}`);
    return schema.parse(JSON.parse(text));
  }
  const post = <T>(schema: z.ZodType<T>, path: string, body: unknown) => call(schema, 'POST', path, body);
  const tell = async (path: string, body: unknown): Promise<void> => void (await post(z.unknown(), path, body));
  const books = () => call(booksSchema, 'GET', 'books');
  const change = (by: SettingsChange) => call(settingsSchema, 'PATCH', 'settings', by);
  const named = encodeURIComponent;

  return {
    pay: (out_trade_no, options = {}) => post(orderSchema, `orders/${named(out_trade_no)}/pay`, options),
    payWhenClosing: (out_trade_no) => tell(`orders/${named(out_trade_no)}/pay`, paySchema.parse({ whenClosing: true })),
    settle: (out_refund_no, status) =>
      post(refundSchema, `refunds/${named(out_refund_no)}/settle`, { ...(status && { status }) }),
    tellAgain: (number) => post(callbackSchema, 'tell-again', number),
    tellProfitSharing: (out_trade_no) => post(callbackSchema, 'profit-sharing', { out_trade_no }),
    tellSecurityEcho: (notify_url) => post(callbackSchema, 'security-echo', { notify_url }),
    change,
    behave: () => change({ misbehaviour: wellBehaved }),
    planAnswers: (about, ...next) => tell('plans/answers', { about, next }),
    planCallbacks: (about, ...next) => tell('plans/callbacks', { about, next }),
    beginOutage: (ms, kind) => tell('outage', { ms, ...(kind && { kind }) }),
    books,
    async booksOf(out_trade_no) {
      const { orders, refunds, callbacks, requests } = await books();
      const isOfIt = (one: { readonly out_trade_no?: string | undefined }) => one.out_trade_no === out_trade_no;
      return {
        orders: orders.filter(({ terms }) => isOfIt(terms)),
        refunds: refunds.filter(isOfIt),
        callbacks: callbacks.filter(isOfIt),
        requests: requests.filter((request) => `${request.url} ${request.body}`.includes(out_trade_no)),
      };
    },
    async untilQuiet(withinMs = 30_000) {
      const pending = await eventually(
        () => call(pendingSchema, 'GET', 'pending'),
        ({ callbacks, refunds }) => callbacks + refunds === 0,
        withinMs,
      );
      if (pending.callbacks + pending.refunds > 0) {
        throw new Error(`WeChat Pay still has to tell ${pending.callbacks} callbacks and ${pending.refunds} refunds`);
      }
      return books();
    },
  };
}
