import type { z } from 'zod';
import { tableMovesEnvSchema } from '../shared/table-moves/env.ts';

export const envSchema = tableMovesEnvSchema;

export type Env = z.input<typeof envSchema>;
