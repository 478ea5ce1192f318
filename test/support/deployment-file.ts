import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** Apart from what `npm start` plays in. */
export const testAccount = '000000000042';
export const deploymentFile = path.join(import.meta.dirname, '../../.local/integration/deployment.json');

const fileSchema = z.object({ endpoint: z.string(), outputs: z.record(z.string(), z.record(z.string(), z.string())) });

/** Where the stacks were deployed before the integration tests, and their outputs. */
export function readDeployment(): z.infer<typeof fileSchema> {
  return fileSchema.parse(JSON.parse(readFileSync(deploymentFile, 'utf8')));
}
