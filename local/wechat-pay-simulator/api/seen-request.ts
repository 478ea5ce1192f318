import { z } from 'zod';
import { troubles } from './trouble.ts';

/** A request of the merchant, as it came and was answered. */
export const seenRequestSchema = z.object({
  at: z.string(),
  method: z.string(),
  url: z.string(),
  body: z.string(),
  trouble: z.enum(troubles),
  /** 0: it was not answered. */
  status: z.int(),
  /** What a refusal is called. */
  code: z.string().optional(),
});
export type SeenRequest = z.infer<typeof seenRequestSchema>;
