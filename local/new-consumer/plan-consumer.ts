import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '../../lib/config-shape.ts';
import type { Roles } from '../../lib/consumers.ts';
import { labelOf } from '../../rabbitmq/plan/queue-label.ts';
import { RefusedError } from './errors.ts';
import { findQueue } from './find-queue.ts';
import { functionFiles } from './function-files.ts';
import { namesOf } from './names.ts';
import { otherFiles } from './other-files.ts';
import { tidy } from './tidy.ts';
import { wired } from './wiring.ts';
import type { FileToWrite } from './write-all.ts';

export interface Wanted {
  readonly name: string;
  readonly queue: string;
  readonly vhost: string;
}

export interface ConsumerPlan {
  /** The new files first, then those that get lines: `lib/consumers.ts` last, which makes the consumer known. */
  readonly files: readonly FileToWrite[];
  /** What is worth knowing. */
  readonly notes: readonly string[];
}

/** Everything a new consumer needs, and nothing of it written yet. Throws a `RefusedError`. */
export async function planConsumer(project: string, { name, queue, vhost }: Wanted): Promise<ConsumerPlan> {
  const names = namesOf(project, name);
  const address = { vhost, name: queue };
  // Before anything is imported: what does not parse is told with its file, not by Node's stack trace.
  const edited = wired(names, address, (file) => read(project, file));
  const roles = await load<Roles>(project, 'lib/consumers.ts');
  const { configs } = await load<{ configs: Readonly<Record<string, Config>> }>(project, 'lib/config.ts');
  if (name in roles.consumers) throw new RefusedError(2, `lib/consumers.ts has a consumer '${name}' already`);
  const { plan, wasDelay } = findQueue(project, address, {
    roles,
    unlimitedMaxReceiveCount: configs['dev']?.queues.unlimitedMaxReceiveCount ?? 10,
  });
  const made = { ...functionFiles(names, plan), ...otherFiles(names) };
  return {
    files: [
      ...Object.entries(made).map(([file, text]) => ({ path: file, text: tidy(project, file, text), isNew: true })),
      ...Object.entries(edited).map(([file, text]) => ({
        path: file,
        text: tidy(project, file, text),
        before: read(project, file),
        isNew: false,
      })),
    ],
    notes: wasDelay ? [delayNote(labelOf(address))] : [],
  };
}

function delayNote(label: string): string {
  return `${label} was a delay so far: it has a TTL and a dead-letter exchange, and nothing consumed it. Now its messages go to the consumer.`;
}

function read(project: string, file: string): string {
  const absolute = path.join(project, file);
  if (!existsSync(absolute)) throw new RefusedError(1, `there is no ${file} to add a line to`);
  return readFileSync(absolute, 'utf8');
}

async function load<T>(project: string, file: string): Promise<T> {
  return await import(pathToFileURL(path.join(project, file)).href);
}
