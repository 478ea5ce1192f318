import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Definitions of a team that has nothing to do with the worked example. */
export const ownTopology = {
  exchanges: [{ name: 'shop', vhost: '/', type: 'topic', durable: true }],
  queues: [{ name: 'loyalty.points', vhost: '/', durable: true, arguments: { 'x-queue-type': 'quorum' } }],
  bindings: [
    { source: 'shop', vhost: '/', destination: 'loyalty.points', destination_type: 'queue', routing_key: 'order.paid' },
  ],
};

/** What the README's chapter "Your own queue and consumer" tells to do, done in a copy of the project, with a table of its own. */
export function addOwnConsumer(project: string): void {
  const inProject = (file: string): string => path.join(project, file);
  const edit = (file: string, from: string, to: string): void => {
    const text = readFileSync(inProject(file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no '${from}'`);
    writeFileSync(
      inProject(file),
      text.replace(from, () => to),
    );
  };

  // Step 2: a copy of lambdas/orders, with one's own subject in it.
  cpSync(inProject('lambdas/orders'), inProject('lambdas/loyalty'), { recursive: true });
  rmSync(inProject('lambdas/loyalty/orders-consumer.ts'));
  writeFileSync(inProject('lambdas/loyalty/README.md'), '# loyalty\n\nAdds points.\n');
  writeFileSync(inProject('lambdas/loyalty/loyalty-consumer.ts'), loyaltyConsumer);
  edit('lambdas/loyalty/env.ts', '  ORDERS_TABLE: z.string().min(1),\n  OUTBOX_TABLE:', '  LOYALTY_TABLE:');
  for (const file of ['lambdas/loyalty/handler.ts', 'lambdas/loyalty/index.ts']) {
    writeFileSync(inProject(file), file.endsWith('index.ts') ? indexTs : handlerTs);
  }
  // Step 3: its row, its numbers, its table, its connection.
  edit('lib/consumers.ts', 'consumers = {\n', "consumers = {\n  loyalty: { queue: 'loyalty.points' },\n");
  edit('lib/config.ts', '  consumers: {\n    // worked example', `  consumers: {\n${numbers}    // worked example`);
  edit(
    'lib/stacks/stateful-stack.ts',
    '  readonly idempotency: TableV2;',
    '  readonly idempotency: TableV2;\n  readonly loyalty: TableV2;',
  );
  edit('lib/stacks/stateful-stack.ts', '    this.idempotency =', `${table}    this.idempotency =`);
  writeFileSync(inProject('lib/functions/loyalty.ts'), connection);
  edit('lib/functions/connections.ts', 'Connect>> = {\n', 'Connect>> = {\n  loyalty: connectLoyalty,\n');
  edit(
    'lib/functions/connections.ts',
    '// worked example\nimport',
    "import { connectLoyalty } from './loyalty.ts';\n// worked example\nimport",
  );
  // Step 4: a test event.
  mkdirSync(inProject('events/loyalty'));
  cpSync(inProject('events/orders/malformed.json'), inProject('events/loyalty/malformed.json'));
}

const loyaltyConsumer = `import { z } from 'zod';
import type { Consumer } from '../shared/consumer/consumer.ts';

const schema = z.object({ order: z.string(), points: z.int() });

export interface LoyaltyDeps {
  readonly add: (order: string, points: number) => Promise<void>;
}

/** Points for a paid order, once. */
export function createLoyaltyConsumer({ add }: LoyaltyDeps): Consumer<z.infer<typeof schema>> {
  return {
    queue: 'loyalty.points',
    schema,
    businessKey: ({ order }) => \`loyalty:\${order}\`,
    comparable: ({ points }) => [points],
    handle: ({ body: { order, points } }) => add(order, points),
  };
}
`;

const handlerTs = `import { createSqsConsumer, type SqsConsumerDeps } from '../shared/consumer/sqs-consumer.ts';
import { createLoyaltyConsumer, type LoyaltyDeps } from './loyalty-consumer.ts';

export function createHandler(deps: SqsConsumerDeps & LoyaltyDeps) {
  return createSqsConsumer(createLoyaltyConsumer(deps), deps);
}
`;

const indexTs = `import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { documentClient, dynamoDbClient, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const dynamoDb = dynamoDbClient();
const documents = documentClient(dynamoDb);

// Called by AWS, once per batch.
export const handler = createHandler({
  env,
  topology: loadTopology(),
  sqs: sqsClient(),
  scheduler: schedulerClient(),
  dynamoDb,
  async add(order, points) {
    await documents.send(new PutCommand({ TableName: env.LOYALTY_TABLE, Item: { order, points } }));
  },
  now: () => new Date(),
  ...createTelemetry(),
});
`;

const numbers = `    loyalty: {
      memoryMiB: 512,
      timeout: Duration.seconds(10),
      batchSize: 10,
      maxConcurrency: 5,
      retryMin: Duration.seconds(30),
      retryMax: Duration.minutes(15),
      lateAfter: Duration.hours(1),
    },
`;

const table = `    this.loyalty = this.addTable('Loyalty', { partitionKey: { name: 'order', type: AttributeType.STRING } });
`;

const connection = `import type { Env } from '../../lambdas/loyalty/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** Connects \`lambdas/loyalty\` to its queue and its table. */
export function connectLoyalty(stack: StatelessStack, { loyalty }: StatefulStack): void {
  const environment: Record<Exclude<keyof Env, keyof ConsumerEnv>, string> = { LOYALTY_TABLE: loyalty.tableName };
  const fn = stack.addConsumer('loyalty', environment);
  loyalty.grant(fn, 'dynamodb:PutItem');
}
`;
