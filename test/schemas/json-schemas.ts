import path from 'node:path';
import { z } from 'zod';
import { publishAnswerSchema, publishRequestSchema } from '../../lambdas/shared/publishing/contract.ts';

export const schemasFolder = path.join(import.meta.dirname, '../../docs/schemas');

/** Name of the file → its text: the contract of publishing as JSON Schema 2020-12, as a caller writes a request and reads an answer. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  return {
    'publish-request.json': textOf(publishRequestSchema),
    'publish-answer.json': textOf(publishAnswerSchema),
  };
}

function textOf(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, {
    // Not as output, which forbids fields that a later answer may have.
    io: 'input',
    // Headers, whose type stands in their meta.
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // TypeScript's readonly, and what a double counts to: true, and of no use to a reader.
      delete jsonSchema.readOnly;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return `${JSON.stringify(json, null, 2)}\n`;
}
