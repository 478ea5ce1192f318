import { existsSync } from 'node:fs';
import path from 'node:path';
import { pascalCase } from '../../lib/output-names.ts';
import { RefusedError } from './errors.ts';

/** What a consumer is called: its folder, and the same in identifiers. */
export interface Names {
  /** `order-cache` */
  readonly folder: string;
  /** `OrderCache` */
  readonly pascal: string;
}

const kebabCase = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** It becomes part of the names of a function, its role and its log group, which AWS ends at 64 characters. */
const longest = 40;
/** `createSqsConsumer` and `SqsConsumerDeps` are the record loop's. */
const taken: readonly string[] = ['sqs', 'sqs-consumer'];

/** Throws a `RefusedError` for a name that cannot be a folder and an identifier, or that something has. */
export function namesOf(project: string, name: string): Names {
  if (!kebabCase.test(name) || name.length > longest) {
    throw new RefusedError(
      2,
      `'${name}' is no name for a consumer: it must be kebab-case (a-z, 0-9 and single -, a letter first), at most ${longest} characters, such as 'order-cache'`,
    );
  }
  if (taken.includes(name)) throw new RefusedError(2, `'${name}' is the record loop's own name: choose another`);
  const there = placesOf(name).filter((place) => existsSync(path.join(project, place)));
  if (there.length > 0) throw new RefusedError(2, `'${name}' is there already: ${there.join(', ')}`);
  return { folder: name, pascal: pascalCase(name) };
}

function placesOf(name: string): string[] {
  return [`lambdas/${name}`, `lib/functions/${name}.ts`, `events/${name}`, `test/unit/lambdas/${name}`];
}
