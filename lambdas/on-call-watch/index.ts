import { v7 as uuidv7 } from 'uuid';
import { documentClient, snsClient } from '../shared/aws/clients.ts';
import { parseEnv } from '../shared/env.ts';
import { createSnsTopic } from '../shared/notices/on-call-topic.ts';
import { createStoredNotices } from '../shared/notices/stored-notices.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const sns = snsClient();

// Called by AWS, once a minute, and once a day for the message that says so.
export const handler = createHandler({
  ...createStoredNotices({ env, documents: documentClient(), sns, now: () => new Date(), ...createTelemetry() }),
  escalation: createSnsTopic(sns, env.ESCALATION_TOPIC_ARN),
  newId: uuidv7,
});
