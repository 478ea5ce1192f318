import { z } from 'zod';
import { chosenNumber, numberRule, refundNumber } from './refund-number.ts';
import { refundRowSchema } from './refund-row.ts';

const out_trade_no = z.string().min(1).max(32);
/** WeChat Pay's number of a payment. Default: the one that the order was paid by; of an order paid twice there is another. */
const transaction_id = z.string().min(1).max(32).optional();
const out_refund_no = z.string().regex(refundNumber, numberRule);
const newNumber = out_refund_no.regex(chosenNumber, 'must not begin with WR');

/** Who acts, as the caller says, and why: both are kept with the refund. */
const operator = z.object({ who: z.string().min(1).max(500), why: z.string().trim().min(1).max(1000) });

/** What an operator asks the function `refund-desk`. */
export const deskRequestSchema = z.discriminatedUnion('act', [
  /** How an order and the refunds of its payment stand. */
  z.strictObject({ act: z.literal('look'), out_trade_no, transaction_id }),
  /** Refunds that are not settled, the longest open first. */
  z.strictObject({ act: z.literal('list'), most: z.int().min(1).max(1000) }),
  /** To send back so many 分 of an order's payment, under that number: repeated with it, it is one refund. */
  z.strictObject({
    act: z.literal('request'),
    out_trade_no,
    transaction_id,
    out_refund_no: newNumber,
    fen: z.int().positive(),
    operator,
  }),
  /** To take back a refund that WeChat Pay does not know of. */
  z.strictObject({ act: z.literal('withdraw'), out_refund_no, operator }),
]);

export type DeskRequest = Readonly<z.infer<typeof deskRequestSchema>>;
export type DeskRequestOf<Act extends DeskRequest['act']> = Extract<DeskRequest, { act: Act }>;

/** It was not done, and why: for the person who asked. */
const refusedSchema = z.object({ outcome: z.literal('refused'), reason: z.string() });

/** Amounts in 分. */
export const refundableSchema = z.object({
  outcome: z.literal('found'),
  out_trade_no: z.string(),
  /** Of the order. */
  state: z.string(),
  transaction_id: z.string(),
  currency: z.string(),
  total: z.int(),
  /** On its way back, or back. */
  reserved: z.int(),
  /** Back. */
  refunded: z.int(),
});

export type Refundable = Readonly<z.infer<typeof refundableSchema>>;

export const deskAnswerSchemas = {
  look: z.discriminatedUnion('outcome', [refusedSchema, refundableSchema]),
  list: z.object({ refunds: z.array(refundRowSchema), isAll: z.boolean() }),
  /** `repeated`: there was this refund already, and it is as it says. */
  request: z.discriminatedUnion('outcome', [
    refusedSchema,
    z.object({ outcome: z.enum(['requested', 'repeated']), refund: refundRowSchema }),
  ]),
  withdraw: z.discriminatedUnion('outcome', [
    refusedSchema,
    /** Now, or before. `state`: of its order, which stays as it is. */
    z.object({ outcome: z.literal('withdrawn'), refund: refundRowSchema, state: z.string() }),
  ]),
} as const satisfies Record<DeskRequest['act'], z.ZodType>;

export type DeskAnswers = { readonly [Act in DeskRequest['act']]: z.infer<(typeof deskAnswerSchemas)[Act]> };

export type Refused = z.infer<typeof refusedSchema>;

export function refused(reason: string): Refused {
  return { outcome: 'refused', reason };
}
