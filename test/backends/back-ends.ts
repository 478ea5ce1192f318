import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** Where the back ends answer that were started for this run; absent are those that are skipped. */
export const backEndsFile = path.join(import.meta.dirname, '../../.local/backends/running.json');
/** Apart from what `npm start` and the integration tests play in. */
export const contractAccount = '000000000043';

const endpointsSchema = z.record(z.string(), z.string());
const backEndsSchema = z.object({ dynamoDb: endpointsSchema, sqs: endpointsSchema });
/** By the name of the back end. */
export type BackEnds = z.infer<typeof backEndsSchema>;

export function readBackEnds(): BackEnds {
  return backEndsSchema.parse(JSON.parse(readFileSync(backEndsFile, 'utf8')));
}
