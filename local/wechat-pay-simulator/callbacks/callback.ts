import { z } from 'zod';
import { callbackMisbehaviours } from '../misbehaviour/misbehaviour.ts';

/** `signed` is a true one; the others must all be refused. */
export const tryKinds = ['signed', 'probe', 'forged', 'stale', 'unknownKey'] as const;
export type TryKind = (typeof tryKinds)[number];

const trySchema = z.object({
  at: z.string(),
  kind: z.enum(tryKinds),
  /** Of the retry schedule; 0 of a copy that somebody else sends. */
  attempt: z.int(),
  serial: z.string(),
  /** 0: there was no answer. */
  status: z.int(),
  body: z.string(),
});

/** One thing told to the merchant, and every try to tell it. */
export const callbackSchema = z.object({
  id: z.int(),
  event_type: z.string(),
  original_type: z.string(),
  out_trade_no: z.string().optional(),
  out_refund_no: z.string().optional(),
  notify_url: z.string(),
  misbehaviours: z.array(z.enum(callbackMisbehaviours)),
  /** `given-up` after the whole schedule. */
  state: z.enum(['pending', 'delivered', 'given-up', 'silent']),
  tries: z.array(trySchema),
});
export type Callback = z.infer<typeof callbackSchema>;
export type Try = z.infer<typeof trySchema>;
