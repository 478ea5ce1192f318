import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { documentClient, secretsManagerClient } from '../shared/aws/clients.ts';
import { parseEnv } from '../shared/env.ts';
import { parseOrderNumberKeys } from '../shared/order-numbers/keys.ts';
import { orderNumbersSequence } from '../shared/order-numbers/order-numbers.ts';
import { createAllocator } from '../shared/sequences/allocator.ts';
import { createDynamoDbSegments } from '../shared/sequences/dynamodb-segments.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start: what is left of a segment lives as long as this does, frozen or not.
const env = parseEnv(envSchema, process.env);
const secrets = new SecretsProvider({ awsSdkV3Client: secretsManagerClient() });
const segments = createDynamoDbSegments(documentClient(), env.SEQUENCES_TABLE);

// Called by whoever makes orders, and by operators.
export const handler = createHandler({
  allocator: createAllocator({ segments, sequence: orderNumbersSequence, segmentSize: env.SEGMENT_SIZE }),
  taken: () => segments.taken(orderNumbersSequence),
  keys: async () =>
    parseOrderNumberKeys(
      await secrets.get(env.ORDER_NUMBER_KEYS_ID, { maxAge: env.ORDER_NUMBER_KEYS_MAX_AGE_SECONDS }),
    ),
  log: createTelemetry().log,
});
