import { createDynamoDbAuditLog } from '../shared/audit/dynamodb-audit-log.ts';
import { documentClient, patientLambdaClient, sqsClient } from '../shared/aws/clients.ts';
import { createDynamoDbCircuits } from '../shared/circuit/dynamodb-circuits.ts';
import { parseEnv } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';
import { createMappings } from './mappings.ts';
import { createProbe } from './probe.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const documents = documentClient();
const lambda = patientLambdaClient();
const now = () => new Date();
const telemetry = createTelemetry();

// Called by AWS, once a minute.
export const handler = createHandler({
  circuits: createDynamoDbCircuits(documents, env.CIRCUITS_TABLE),
  mappings: createMappings(lambda),
  probe: createProbe({ sqs: sqsClient(), lambda, queueUrlBase: env.QUEUE_URL_BASE, log: telemetry.log }),
  audit: createDynamoDbAuditLog(documents, { table: env.AUDIT_TABLE, now }),
  probeSeconds: { first: env.FIRST_PROBE_SECONDS, longest: env.LONGEST_PROBE_SECONDS },
  now,
  ...telemetry,
});
