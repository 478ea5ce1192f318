import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readmeConsumer } from '../support/readme-consumer.ts';
import type { Project } from './project-copy.ts';

/** Definitions of a team that has nothing to do with the worked example. */
export const ownTopology = {
  exchanges: [{ name: 'shop', vhost: '/', type: 'topic', durable: true }],
  queues: [{ name: 'loyalty.points', vhost: '/', durable: true, arguments: { 'x-queue-type': 'quorum' } }],
  bindings: [
    { source: 'shop', vhost: '/', destination: 'loyalty.points', destination_type: 'queue', routing_key: 'order.paid' },
  ],
};

/** Their queue and its binding, beside those of the example. */
export function declareOwnQueue(inCopy: Project['inCopy']): void {
  const definitions = inCopy('topology/definitions.json');
  const { exchanges, queues, bindings, ...others } = JSON.parse(readFileSync(definitions, 'utf8'));
  writeFileSync(
    definitions,
    JSON.stringify({
      ...others,
      exchanges: [...exchanges, ...ownTopology.exchanges],
      queues: [...queues, ...ownTopology.queues],
      bindings: [...bindings, ...ownTopology.bindings],
    }),
  );
}

/** What the README's chapter "Your own queue and consumer" tells to do, done in a copy of the project, with a table of its own. */
export function addOwnConsumer({ inCopy, script }: Project): void {
  const edit = (file: string, from: string | RegExp, to: string): void => {
    const before = readFileSync(inCopy(file), 'utf8');
    const after = before.replace(from, () => to);
    if (after === before) throw new Error(`${file} has no ${from}: the README's steps no longer fit it`);
    writeFileSync(inCopy(file), after);
  };

  // Step 1: the queue and its binding.
  declareOwnQueue(inCopy);
  // Step 2: the command.
  const { status, output } = script('new-consumer', 'loyalty', 'loyalty.points');
  if (status !== 0) throw new Error(output);
  // Step 3: the schema and the key, as the page has them; the effect, its table.
  writeFileSync(inCopy('lambdas/loyalty/loyalty-consumer.ts'), readmeConsumer());
  edit('events/loyalty/first.json', '{\\"id\\":\\"first\\"}', '{\\"order\\":\\"first\\",\\"points\\":5}');
  const test = 'test/unit/lambdas/loyalty/loyalty-consumer.test.ts';
  edit(test, /LoyaltyMessage/g, 'Points');
  edit(test, /\bid\b/g, 'order');
  edit(
    'lambdas/loyalty/env.ts',
    'consumerEnvSchema;',
    'consumerEnvSchema.extend({ LOYALTY_TABLE: z.string().min(1) });',
  );
  edit('lambdas/loyalty/env.ts', 'import type { z }', 'import { z }');
  const index = 'lambdas/loyalty/index.ts';
  edit(index, /^ {2}async apply(.*\n)*? {2}\},\n/m, apply);
  edit(
    index,
    'import { dynamo',
    "import { PutCommand } from '@aws-sdk/lib-dynamodb';\nimport { documentClient, dynamo",
  );
  edit(
    'lib/stacks/stateful-stack.ts',
    '  readonly idempotency: TableV2;',
    '  readonly idempotency: TableV2;\n  readonly loyalty: TableV2;',
  );
  edit('lib/stacks/stateful-stack.ts', '    this.idempotency =', `${table}    this.idempotency =`);
  writeFileSync(inCopy('lib/functions/loyalty.ts'), connection);
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

const apply = `  async apply(points) {
    await documentClient(dynamoDb).send(new PutCommand({ TableName: env.LOYALTY_TABLE, Item: points }));
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
