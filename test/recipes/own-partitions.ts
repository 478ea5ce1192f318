import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Project, root } from './project-copy.ts';

/** The first block of that language in docs/partitions.md. */
function onThePage(language: string): string {
  const page = readFileSync(path.join(root, 'docs/partitions.md'), 'utf8');
  const [, code] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(page) ?? [];
  if (code === undefined) throw new Error(`docs/partitions.md shows no ${language}`);
  return code;
}

/** Definitions of the exchange, and of what the page shows of the first partition for all of them. */
export function ownPartitions(names: readonly string[]) {
  const [exchange = '', queue = '', binding = ''] = onThePage('json').trim().split('\n');
  const each = (line: string): unknown[] => names.map((name) => JSON.parse(line.replaceAll('shard-0', name)));
  return { exchanges: [JSON.parse(exchange)], queues: each(queue), bindings: each(binding) };
}

/** Beside those of the example. */
export function declareOwnPartitions({ inCopy, run }: Project, names: readonly string[]): void {
  const definitions = inCopy('topology/definitions.json');
  const { exchanges, queues, bindings, ...others } = JSON.parse(readFileSync(definitions, 'utf8'));
  const own = ownPartitions(names);
  writeFileSync(
    definitions,
    JSON.stringify({
      ...others,
      exchanges: [...exchanges, ...own.exchanges],
      queues: [...queues, ...own.queues],
      bindings: [...bindings, ...own.bindings],
    }),
  );
  run('npx', 'biome', 'format', '--write', 'topology');
}

/** The command makes a consumer of the first; then the row and the function, as the page has them. */
export function addPartitionsConsumer(project: Project): void {
  const { script } = project;
  const { status, output } = script('new-consumer', 'shards', 'shard-0');
  if (status !== 0) throw new Error(output);
  edit(project, 'lib/consumers.ts', /^ *shards: \{ queue: 'shard-0' \},\n/m, `  ${onThePage('ts')}`);
  const consumer = 'lambdas/shards/shards-consumer.ts';
  edit(project, consumer, '{ Consumer } from', '{ PartitionsConsumer } from');
  edit(project, consumer, 'consumer/consumer.ts', 'consumer/sqs-partitions-consumer.ts');
  edit(project, consumer, '): Consumer<', '): PartitionsConsumer<');
  edit(project, consumer, "queue: 'shard-0'", "partitionsOf: 'shards'");
  const handler = 'lambdas/shards/handler.ts';
  edit(project, handler, '{ createSqsConsumer, type SqsConsumerDeps }', 'type { SqsConsumerDeps }');
  edit(project, handler, 'createSqsConsumer(', 'createSqsPartitionsConsumer(');
  edit(
    project,
    handler,
    /(?<=sqs-consumer\.ts';\n)/,
    "import { createSqsPartitionsConsumer } from '../shared/consumer/sqs-partitions-consumer.ts';\n",
  );
  edit(
    project,
    'test/unit/lambdas/shards/shards-consumer.test.ts',
    'loopAround(createShardsConsumer({ apply }))',
    "loopAround({ ...createShardsConsumer({ apply }), queue: 'shard-0' })",
  );
}

/** Throws when there is nothing to replace. */
export function edit({ inCopy }: Project, file: string, from: string | RegExp, to: string): void {
  const before = readFileSync(inCopy(file), 'utf8');
  const after = before.replace(from, () => to);
  if (after === before) throw new Error(`${file} has no ${from}: the page's steps no longer fit it`);
  writeFileSync(inCopy(file), after);
}
