import { z } from 'zod';
import { moveSchema, moveSteps, operatorSchema } from './move.ts';

const table = z.string().min(1);
/** As whoever asks has seen it: what has changed since is not what he meant. */
const seen = z.enum(moveSteps);

/** What `warren tables` asks the function `table-mover`. */
export const moverRequestSchema = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('list') }),
  z.strictObject({ act: z.literal('start'), table, rate: z.int().min(1).max(20_000), operator: operatorSchema }),
  z.strictObject({ act: z.literal('next'), table, seen, operator: operatorSchema }),
  z.strictObject({ act: z.literal('back'), table, seen, operator: operatorSchema }),
  z.strictObject({ act: z.literal('compare'), table, operator: operatorSchema }),
  /** For some seconds; the schedule works by itself. */
  z.strictObject({ act: z.literal('work'), table }),
]);

export type MoverRequest = Readonly<z.infer<typeof moverRequestSchema>>;
export type MoverAct = Exclude<MoverRequest['act'], 'list'>;

export const moverAnswerSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('refused'), reason: z.string() }),
  z.object({
    outcome: z.literal('done'),
    moves: z.array(
      z.object({
        table: z.string(),
        target: z.string(),
        /** DynamoDB counts about every six hours. */
        roughTotal: z.int().optional(),
        move: moveSchema.optional(),
        /** When what is waited for is over: ISO 8601. */
        waitsUntil: z.string().optional(),
      }),
    ),
  }),
]);

export type MoverAnswer = Readonly<z.infer<typeof moverAnswerSchema>>;
export type ShownMove = Extract<MoverAnswer, { outcome: 'done' }>['moves'][number];
