import { z } from 'zod';
import { seenRequestSchema } from '../api/seen-request.ts';
import { outageKinds, troubles } from '../api/trouble.ts';
import { orderSchema } from '../books/order.ts';
import { refundSchema, settledStatuses } from '../books/refund.ts';
import { callbackSchema } from '../callbacks/callback.ts';
import { callbackMisbehaviours } from '../misbehaviour/misbehaviour.ts';

/** What a test asks the simulator for; `simulatorClient` and the control API both read it here. */
export const paySchema = z.object({
  openid: z.string().optional(),
  /** In the past it is a payment of that day's bill. */
  success_time: z.iso.datetime({ offset: true }).optional(),
  /** Not now, but in the moment the merchant closes the order. */
  whenClosing: z.boolean().default(false),
});
export const settleSchema = z.object({ status: z.enum(settledStatuses).optional() });
export const againSchema = z.union([z.object({ out_trade_no: z.string() }), z.object({ out_refund_no: z.string() })]);
export const profitSharingSchema = z.object({ out_trade_no: z.string() });
export const securityEchoSchema = z.object({ notify_url: z.url() });
export const outageSchema = z.object({ ms: z.number().positive(), kind: z.enum(outageKinds).default('unavailable') });
/** `about`: a part of the request's URL or body, or the number a callback is about; "" is all of them. */
export const planAnswersSchema = z.object({ about: z.string(), next: z.array(z.enum(troubles)) });
export const planCallbacksSchema = z.object({
  about: z.string(),
  next: z.array(z.array(z.enum(callbackMisbehaviours))),
});

export const booksSchema = z.object({
  orders: z.array(orderSchema),
  refunds: z.array(refundSchema),
  callbacks: z.array(callbackSchema),
  requests: z.array(seenRequestSchema),
});
export type Books = z.infer<typeof booksSchema>;
export const pendingSchema = z.object({ callbacks: z.int(), refunds: z.int() });
