import { v7 as uuidv7 } from 'uuid';
import { documentClient, snsClient } from '../shared/aws/clients.ts';
import { parseEnv } from '../shared/env.ts';
import { createStoredNotices } from '../shared/notices/stored-notices.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);

// Called by AWS, once per batch of the exceptions table's stream.
export const handler = createHandler({
  ...createStoredNotices({
    env,
    documents: documentClient(),
    sns: snsClient(),
    now: () => new Date(),
    ...createTelemetry(),
  }),
  newId: uuidv7,
});
