import { z } from 'zod';
import type { HttpAnswer } from '../shared/http/http-post.ts';

/** Of a refusal more is not read. */
export const mostRefusalBytes = 1024;

const refusalSchema = z.object({
  outcome: z.literal('refused'),
  code: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/),
});

/**
 * Why the merchant will never fulfil the order, in a word of its own: status 422 with `{"outcome":"refused","code":"OUT_OF_RANGE"}`. A 422 that does
 * not say so is something else (a known key with other content, most often), and is for a person.
 */
export function refusalCode({ status, body }: HttpAnswer): string | undefined {
  if (status !== 422 || body === undefined) return undefined;
  try {
    return refusalSchema.safeParse(JSON.parse(body)).data?.code;
  } catch {
    return undefined;
  }
}
