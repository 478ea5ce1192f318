import { parseArgs } from 'node:util';
import { RefusedError } from './new-consumer/errors.ts';
import { planConsumer } from './new-consumer/plan-consumer.ts';
import { writeAll } from './new-consumer/write-all.ts';
import { paths } from './paths.ts';

const usage = `npm run new-consumer -- NAME QUEUE [--vhost VHOST] [--dry-run]: writes the files of a new consumer, and connects it.

  NAME       of the function, its folder in lambdas/ and what it is called everywhere: kebab-case, such as loyalty or order-cache
  QUEUE      RabbitMQ's name of the queue, which topology/definitions.json must declare
  --vhost    of the queue (default: /)
  --dry-run  only say which files would be written

Exit status 0: written; 1: the project is not as it should be; 2: the command is wrong. Nothing is written unless all of it is.
`;

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (!(error instanceof RefusedError)) process.exitCode = 1;
  else {
    process.exitCode = error.status;
    if (error.status === 2) console.error('Nothing is written. npm run new-consumer -- --help says more.');
  }
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(usage);
  const [name, queue, ...more] = positionals;
  if (name === undefined || queue === undefined || more.length > 0) {
    throw new RefusedError(2, `A name and a queue are needed, as in: npm run new-consumer -- loyalty loyalty.points`);
  }
  const { files, notes } = await planConsumer(paths.project, { name, queue, vhost: values.vhost });
  if (!values['dry-run']) writeAll(paths.project, files);
  const list = (isNew: boolean): string[] => files.filter((one) => one.isNew === isNew).map(({ path }) => `  ${path}`);
  console.log([values['dry-run'] ? 'Would be written:' : 'Written:', ...list(true)].join('\n'));
  console.log([values['dry-run'] ? 'Would get lines:' : 'Lines are added to:', ...list(false)].join('\n'));
  for (const note of notes) console.log(note);
  if (!values['dry-run']) console.log(afterwards(name));
}

function afterwards(name: string): string {
  return `
Next:
  npm run snapshots    takes over the templates: read the diff
  npm run check        must be green
Then write the schema and the key in lambdas/${name}/${name}-consumer.ts, and the effect in lambdas/${name}/index.ts (apply). Until there is one,
messages are retried and dead-lettered: none is lost.`;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        vhost: { type: 'string', default: '/' },
        'dry-run': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new RefusedError(2, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
