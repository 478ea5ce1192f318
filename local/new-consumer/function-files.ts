import type { QueuePlan } from '../../rabbitmq/plan/plan-topology.ts';
import type { Names } from './names.ts';

/** The files of `lambdas/<name>`, as path and text. What they have in common with `lambdas/orders` is the order of things. */
export function functionFiles(names: Names, plan: QueuePlan): Readonly<Record<string, string>> {
  const inFolder = (file: string): string => `lambdas/${names.folder}/${file}`;
  return {
    [inFolder('README.md')]: readme(names, plan),
    [inFolder('env.ts')]: env,
    [inFolder('handler.ts')]: handler(names),
    [inFolder('index.ts')]: index(names),
    [inFolder(`${names.folder}-consumer.ts`)]: consumer(names, plan),
  };
}

const env = `import type { z } from 'zod';
import { consumerEnvSchema } from '../shared/consumer/env.ts';

/** \`.extend({ SOME_TABLE: z.string().min(1) })\` says what the function needs besides; it then must be given in lib/functions/. */
export const envSchema = consumerEnvSchema;

export type Env = z.infer<typeof envSchema>;
`;

const handler = ({ folder, pascal }: Names): string => `
import { createSqsConsumer, type SqsConsumerDeps } from '../shared/consumer/sqs-consumer.ts';
import { create${pascal}Consumer, type ${pascal}Deps } from './${folder}-consumer.ts';

export function createHandler(deps: SqsConsumerDeps & ${pascal}Deps) {
  return createSqsConsumer(create${pascal}Consumer(deps), deps);
}
`;

const index = ({ folder }: Names): string => `
import { dynamoDbClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const dynamoDb = dynamoDbClient();

// Called by AWS, once per batch.
export const handler = createHandler({
  env,
  topology: loadTopology(),
  sqs: sqsClient(),
  scheduler: schedulerClient(),
  s3: s3Client,
  dynamoDb,
  // Throws as long as there is no effect: what is not applied must not be acked.
  async apply() {
    throw new Error('lambdas/${folder}/index.ts: the effect is not written yet');
  },
  now: () => new Date(),
  ...createTelemetry(),
});
`;

function consumer({ folder, pascal }: Names, { queue: { vhost, name } }: QueuePlan): string {
  return `
import { z } from 'zod';
import type { Consumer } from '../shared/consumer/consumer.ts';

/** What is read of a message; what it says besides is passed over. */
const schema = z.object({ id: z.string().min(1) });

export type ${pascal}Message = z.infer<typeof schema>;

export interface ${pascal}Deps {
  /** MUST be safe to attempt twice (a condition, a transaction, an idempotency key passed on), and done when it returns. */
  readonly apply: (message: ${pascal}Message) => Promise<void>;
}

/** One effect for each id. */
export function create${pascal}Consumer({ apply }: ${pascal}Deps): Consumer<${pascal}Message> {
  return {
    ${vhost === '/' ? '' : `vhost: ${JSON.stringify(vhost)},`}
    queue: ${JSON.stringify(name)},
    schema,
    businessKey: ({ id }) => \`${folder}:\${id}\`,
    // Everything the effect depends on: what is not named here may differ unseen between two messages of one id.
    comparable: ({ id }) => [id],
    handle: ({ body }) => apply(body),
  };
}
`.replace(/\n *\n( *queue:)/, '\n$1');
}

function readme({ folder }: Names, { queue, deliveryLimit, type }: QueuePlan): string {
  const dead = deadOnes(queue.deadLetterExchange);
  const receives = 2 * (deliveryLimit + 1);
  const often = type === 'fifo' ? `${receives} times the batch size` : `${receives} times`;
  return `# ${folder}

## Purpose
To be written: what a message of \`${queue.name}\` changes.

## Flow
1. Decode the record (its body comes from S3 if it was over 1 MiB), parse the payload.
2. Powertools Idempotency on the business key \`${folder}:{id}\`: a repeat ends here, and is counted as \`duplicate\`.
3. \`apply\` in \`index.ts\`, to be written: until then it throws, and no message is applied.

## Inputs and outputs
In: queue \`${queue.name}\`${queue.vhost === '/' ? '' : ` of the vhost \`${queue.vhost}\``}. Out: to be written; dead messages to ${dead}.

## Failure and retry
Anything thrown is retried after min(min × failures, max) seconds, until the delivery limit (${deliveryLimit}: ${deliveryLimit + 1} failures); then the message
goes to ${dead}. A \`PermanentError\` and a malformed payload send it there at once. A message that crashes the
function is received ${often} (a thousand at most), each time after six times the function's timeout; then SQS moves it to the queue's own dead-letter queue, and the function \`dead-letters\` on
from there; on-call hears.

## Peculiarities
- None so far.
`;
}

function deadOnes(exchange: string | undefined): string {
  if (exchange === undefined) return 'the table `Exceptions`';
  return exchange === '' ? 'the default exchange' : `the exchange \`${exchange}\``;
}
