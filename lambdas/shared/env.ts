import type { z } from 'zod';

/** A function's environment lacks a variable, or holds a wrong one. Only the names are told: values may be secrets. */
export class InvalidEnvironmentError extends Error {
  override readonly name = 'InvalidEnvironmentError';

  constructor(problems: readonly string[]) {
    super(`the function's environment is not what its env.ts asks for: ${problems.join(', ')}`);
  }
}

/** Called once, by `index.ts`, on cold start. */
export function parseEnv<T>(schema: z.ZodType<T>, environment: NodeJS.ProcessEnv): T {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new InvalidEnvironmentError(parsed.error.issues.map(({ path, message }) => `${path.join('.')} (${message})`));
}
