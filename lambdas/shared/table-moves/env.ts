import { z } from 'zod';
import { moveKeysSchema } from './key-mapping.ts';

const milliseconds = z.int().positive();

/** The moves that are declared in `lib/table-moves.ts`, and what they wait for. */
export const declaredMovesSchema = z.object({
  /** Where their rows are. */
  rows: z.string().min(1),
  moves: z.array(
    z.object({
      /** As the stack calls them. */
      table: z.string(),
      target: z.string(),
      keys: moveKeysSchema,
      /** As DynamoDB calls them. */
      sourceName: z.string(),
      targetName: z.string(),
    }),
  ),
  times: z.object({
    maxAgeMs: milliseconds,
    longestRequestMs: milliseconds,
    followerMs: milliseconds,
    closedAtMostMs: milliseconds,
  }),
});

export type DeclaredMoves = Readonly<z.infer<typeof declaredMovesSchema>>;
export type DeclaredMove = DeclaredMoves['moves'][number];

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is no JSON' });
    return z.NEVER;
  }
});

/** Of functions that move tables. */
export const tableMovesEnvSchema = z.object({ TABLE_MOVES: json.pipe(declaredMovesSchema) });
/** Of functions whose tables may move: absent where no move is declared. */
export const movedTablesEnvSchema = tableMovesEnvSchema.partial();

export type TableMovesEnv = z.input<typeof tableMovesEnvSchema>;
