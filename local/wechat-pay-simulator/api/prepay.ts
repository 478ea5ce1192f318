import { z } from 'zod';
import type { Terms } from '../books/order.ts';
import type { Orders } from '../books/orders.ts';
import { RefusedError } from '../refused.ts';
import { type ApiAnswer, jsonAnswer, parsed } from './request.ts';

export const out_trade_noSchema = z.string().regex(/^[0-9A-Za-z_\-|*]{6,32}$/);

/** It must be public, and carry no query. */
export const notify_urlSchema = z
  .url({ protocol: /^https?$/ })
  .max(255)
  .refine((url) => !url.includes('?'), { error: 'carries a query' });

const prepaySchema = z.object({
  appid: z.string().min(1).max(32),
  mchid: z.string().min(1).max(32),
  description: z.string().min(1).max(127),
  out_trade_no: out_trade_noSchema,
  time_expire: z.iso.datetime({ offset: true }).optional(),
  attach: z.string().max(128).optional(),
  notify_url: notify_urlSchema,
  amount: z.object({ total: z.int().positive(), currency: z.literal('CNY').default('CNY') }),
});
const jsapiSchema = prepaySchema.extend({ payer: z.object({ openid: z.string().min(1).max(128) }) });

export interface Merchant {
  readonly mchid: string;
  readonly appids: readonly string[];
}

export function prepayNative(body: Buffer, orders: Orders, merchant: Merchant): ApiAnswer {
  const terms = { ...parsed(prepaySchema, body), trade_type: 'NATIVE' as const };
  return jsonAnswer(200, { code_url: place(terms, orders, merchant) });
}

export function prepayJsapi(body: Buffer, orders: Orders, merchant: Merchant): ApiAnswer {
  const { payer, ...rest } = parsed(jsapiSchema, body);
  const terms = { ...rest, openid: payer.openid, trade_type: 'JSAPI' as const };
  return jsonAnswer(200, { prepay_id: place(terms, orders, merchant) });
}

function place(terms: Terms, orders: Orders, { mchid, appids }: Merchant): string {
  refuseOtherMerchant(terms.mchid, mchid);
  if (!appids.includes(terms.appid)) throw new RefusedError('APPID_MCHID_NOT_MATCH', 'AppID和mch_id不匹配');
  return orders.place(terms).ticket;
}

export function refuseOtherMerchant(given: string | null, mchid: string): void {
  if (given !== mchid) throw new RefusedError('PARAM_ERROR', '商户号与签名的商户号不一致');
}
