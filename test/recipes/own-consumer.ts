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
  const edit = (file: string, from: string | RegExp, to: string): void => {
    const before = readFileSync(inProject(file), 'utf8');
    const after = before.replace(from, () => to);
    if (after === before) throw new Error(`${file} has no ${from}: the README's steps no longer fit it`);
    writeFileSync(inProject(file), after);
  };

  // Step 2: a copy of lambdas/orders, with one's own subject in it.
  cpSync(inProject('lambdas/orders'), inProject('lambdas/loyalty'), { recursive: true });
  rmSync(inProject('lambdas/loyalty/orders-consumer.ts'));
  writeFileSync(inProject('lambdas/loyalty/README.md'), '# loyalty\n\nAdds points.\n');
  writeFileSync(inProject('lambdas/loyalty/loyalty-consumer.ts'), loyaltyConsumer);
  edit('lambdas/loyalty/env.ts', '  ORDERS_TABLE: z.string().min(1),\n  OUTBOX_TABLE:', '  LOYALTY_TABLE:');
  writeFileSync(inProject('lambdas/loyalty/handler.ts'), handlerTs);
  const index = 'lambdas/loyalty/index.ts';
  edit(index, /^import .* from '(.*\/pause\.ts|uuid|.*orders-store\.ts|.*dynamodb-outbox\.ts)';\n/gm, '');
  edit(index, /^const outbox = (.*\n)*?\}\);\n/m, '');
  edit(index, /^ {2}newEventId: .*\n/m, '');
  edit(index, /^ {2}store: .*\n/m, add);
  edit(index, 'import ', "import { PutCommand } from '@aws-sdk/lib-dynamodb';\nimport ");
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

/** What docs/without-the-example.md leaves to do when the command has run: one's own definitions. */
export function putOwnTopology(project: string): void {
  writeFileSync(path.join(project, 'topology/definitions.json'), JSON.stringify(ownTopology));
  const file = path.join(project, 'lib/consumers.ts');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/(watchedByOnCall: readonly NamedQueue\[\] =) \[[^\]]*\]/, '$1 []'),
  );
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

const add = `  async add(order, points) {
    await documentClient(dynamoDb).send(new PutCommand({ TableName: env.LOYALTY_TABLE, Item: { order, points } }));
  },
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
