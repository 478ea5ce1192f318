import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Definitions that others published; they lie beside the repository, not in it. */
const corpus = path.join(import.meta.dirname, '../../../../../shared/corpus/rabbitmq-definitions');
const isThere = existsSync(corpus);

export const files = isThere ? readdirSync(corpus).filter((name) => name.endsWith('.json')) : [];

export function bytesOf(file: string): Uint8Array {
  return readFileSync(path.join(corpus, file));
}

// Where the corpus is required, its absence must fail; elsewhere it is said, in the title of what is skipped.
export const describeWithCorpus = isThere || process.env['REQUIRE_CORPUS'] === 'true' ? describe : describe.skip;
export const title = isThere
  ? 'definitions that others published'
  : `definitions that others published: no folder ${corpus}`;
