import { z } from 'zod';

/** What `warren order-cache rebuild` asks of the function `order-cache-rebuild`, again and again. */
export const rebuildRequestSchema = z.strictObject({
  after: z.string().min(1).optional().describe('The last order of the page before.'),
  limit: z.int().min(1).max(500).default(200).describe('Orders to read.'),
});

export type RebuildRequest = z.input<typeof rebuildRequestSchema>;

export const rebuildAnswerSchema = z.object({
  stored: z.int().nonnegative(),
  kept: z.int().nonnegative().describe('The cache had a newer version.'),
  unreadable: z.array(z.string()).describe('Numbers of rows that are no orders.'),
  roughTotal: z
    .int()
    .nonnegative()
    .optional()
    .describe('Orders in the table some hours ago; in the first answer alone.'),
  next: z.string().optional().describe('Ask for what comes after it. Absent: that was all.'),
});

export type RebuildAnswer = z.infer<typeof rebuildAnswerSchema>;
