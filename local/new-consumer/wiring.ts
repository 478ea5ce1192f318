import type { QueueAddress } from '../../rabbitmq/queue-address.ts';
import type { Names } from './names.ts';
import { SourceText } from './source-text.ts';

/** The files that get lines of a new consumer, as path and text. `read` answers what is in a file now. Throws a `RefusedError`. */
export function wired(
  { folder, pascal }: Names,
  queue: QueueAddress,
  read: (path: string) => string,
): Readonly<Record<string, string>> {
  const source = (path: string): SourceText => new SourceText(path, read(path));
  const consumers = source('lib/consumers.ts');
  consumers.addMember(['consumers'], `'${folder}': ${rowOf(queue)}`);

  const config = source('lib/config.ts');
  config.addMember(['dev', 'consumers'], `'${folder}': ${numbers}`);
  // Whoever has none there goes by dev's numbers in local, too.
  if (config.hasObject(['configs', 'local', 'consumers'])) {
    config.addMember(['configs', 'local', 'consumers'], `'${folder}': ${localNumbers(folder)}`);
  }

  const connections = source('lib/functions/connections.ts');
  connections.addImport(`import { connect${pascal} } from './${folder}.ts';`);
  connections.addMember(['connections'], `'${folder}': connect${pascal}`);

  return {
    'lib/functions/connections.ts': connections.toString(),
    'lib/config.ts': config.toString(),
    'lib/consumers.ts': consumers.toString(),
  };
}

function rowOf({ vhost, name }: QueueAddress): string {
  return JSON.stringify(vhost === '/' ? { queue: name } : { vhost, queue: name });
}

const numbers = `{
  memoryMiB: 512,
  timeout: Duration.seconds(30),
  batchSize: 10,
  maxConcurrency: 10,
  retryMin: Duration.seconds(30),
  retryMax: Duration.minutes(15),
  lateAfter: Duration.hours(1),
}`;

const localNumbers = (folder: string): string => `{
  // Short, so that a message that always fails is dead-lettered while somebody watches.
  ...dev.consumers${folder.includes('-') ? `['${folder}']` : `.${folder}`},
  timeout: Duration.seconds(3),
  maxConcurrency: 2,
  retryMin: Duration.seconds(0),
  retryMax: Duration.seconds(1),
}`;
