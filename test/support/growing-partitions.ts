import { appendFileSync, writeFileSync } from 'node:fs';
import { addPartitionsConsumer, declareOwnPartitions, edit, ownPartitions } from '../recipes/own-partitions.ts';
import type { Project } from '../recipes/project-copy.ts';

/** Those of docs/partitions.md: two of them are in use at first. */
export const partitions = ['shard-0', 'shard-1', 'shard-2', 'shard-3'];

/**
 * Makes a copy of the project a team's own, as docs/partitions.md says. Its consumer appends what it handles of `{ id: 'KEY#N' }` to the row of
 * that key, as `{ n, queue }`, and fails at every 25th attempt. Answers the definitions that it is deployed with: without the worked example.
 */
export function ownPartitionsProject(project: Project): string {
  declareOwnPartitions(project, partitions);
  addPartitionsConsumer(project);
  addEffect(project);
  addTable(project);
  shortenSteps(project);
  const definitions = project.inCopy('own.json');
  writeFileSync(definitions, JSON.stringify(ownPartitions(partitions)));
  return definitions;
}

function addEffect(project: Project): void {
  const index = 'lambdas/shards/index.ts';
  edit(project, index, /^ {2}\/\/ Throws as long.*\n {2}async apply(.*\n)*? {2}\},\n/m, apply);
  edit(project, index, 'export const handler = createHandler', 'const handle = createHandler');
  appendFileSync(project.inCopy(index), handler);
  edit(project, index, 'import { dynamo', `${imports}import { documentClient, dynamo`);
  // A function that is killed between its effect and its record has the effect twice: this one is not made to be safe against that.
  edit(project, 'lib/config.ts', /(?<=\.\.\.dev\.consumers\.shards,\n) *timeout: .*\n/, '');
}

const imports = `import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import type { ProbeEvent } from '../shared/consumer/circuit.ts';
`;

/** No condition spares it a repeat: what is let through twice, or in another order, is seen. */
const apply = `  async apply({ id }) {
    attempts += 1;
    if (attempts % 25 === 0) throw new Error('every 25th attempt');
    const [key, n] = id.split('#');
    await documentClient(dynamoDb).send(
      new UpdateCommand({
        TableName: env.SHARDS_TABLE,
        Key: { key },
        UpdateExpression: 'SET handled = list_append(if_not_exists(handled, :none), :one)',
        ExpressionAttributeValues: { ':none': [], ':one': [{ n: Number(n), queue }] },
      }),
    );
  },
`;

const handler = `
let attempts = 0;
let queue = '';

export const handler = (event: ProbeEvent, context: Context) => {
  queue = event.Records[0]?.eventSourceARN.split(':').at(-1) ?? '';
  return handle(event, context);
};
`;

function addTable(project: Project): void {
  const env = 'lambdas/shards/env.ts';
  edit(project, env, 'consumerEnvSchema;', 'consumerEnvSchema.extend({ SHARDS_TABLE: z.string() });');
  edit(project, env, 'import type { z }', 'import { z }');
  const stack = 'lib/stacks/stateful-stack.ts';
  const field = '  readonly idempotency: TableV2;';
  edit(project, stack, field, `  readonly shards: TableV2;\n${field}`);
  edit(project, stack, '    this.idempotency =', `${table}    this.idempotency =`);
  writeFileSync(project.inCopy('lib/functions/shards.ts'), connection);
}

const table = `    this.shards = this.addTable('Shards', { partitionKey: { name: 'key', type: AttributeType.STRING } });
`;

const connection = `import { grantOnTable } from '../constructs/grant-on-table.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

export function connectShards(stack: StatelessStack, { shards }: StatefulStack): void {
  const fn = stack.addConsumer('shards', { SHARDS_TABLE: shards.tableName });
  grantOnTable(fn, shards, 'dynamodb:UpdateItem');
}
`;

/**
 * A step takes 39 seconds at least, because publishers may believe what they read for ten and hang in a send for fifteen. Here they may for four
 * and five, in functions and command alike: 23 seconds. What a slow machine needs, the margins, stays as it is.
 */
function shortenSteps(project: Project): void {
  const assignment = 'lambdas/shared/partitions/assignment.ts';
  edit(project, assignment, 'maxAgeMs: 10_000', 'maxAgeMs: 4_000');
  edit(project, assignment, 'sendMs: 15_000', 'sendMs: 5_000');
}
