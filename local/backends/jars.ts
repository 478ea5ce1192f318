import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import pMap from 'p-map';
import type { Note } from '../progress.ts';

export class JarError extends Error {
  override readonly name = 'JarError';
}

interface Jar {
  readonly sha256: string;
  /** Below the repository's root. */
  readonly path: string;
}

/** Of a list as `sha256sum` writes it. */
export function jarsIn(list: string): Jar[] {
  return list
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [sha256 = '', jar = ''] = line.split(/ +/);
      return { sha256, path: jar };
    });
}

/**
 * Every jar in one folder, each with the checksum that the list says. What is missing comes from Maven's own folder, if that has it, else from the
 * repository. Throws a `JarError` that names the jar.
 */
export async function fetchJars(
  jars: readonly Jar[],
  folder: string,
  { repository, note }: { readonly repository: string; readonly note: Note },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const missing = jars.filter((jar) => !isRight(read(path.join(folder, path.basename(jar.path))), jar));
  let done = 0;
  await pMap(
    missing,
    async (jar) => {
      const ofMaven = read(path.join(homedir(), '.m2/repository', jar.path));
      const bytes = ofMaven && isRight(ofMaven, jar) ? ofMaven : await download(jar, repository);
      const target = path.join(folder, path.basename(jar.path));
      // Under its name only when it is whole: a run that is stopped leaves no half jar.
      writeFileSync(`${target}.part`, bytes);
      renameSync(`${target}.part`, target);
      note(`${++done} of ${missing.length} jars`);
    },
    { concurrency: 8 },
  );
}

async function download(jar: Jar, repository: string): Promise<Buffer> {
  const url = `${repository.replace(/\/$/, '')}/${jar.path}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(120_000) }).catch((cause: unknown) => {
    throw new JarError(
      `${url} cannot be fetched (MAVEN_REPOSITORY names another repository, NODE_USE_ENV_PROXY=1 goes by the proxy variables)`,
      { cause },
    );
  });
  if (!answer.ok) throw new JarError(`${url} answers ${answer.status} ${answer.statusText}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (!isRight(bytes, jar)) throw new JarError(`${url} has not the checksum ${jar.sha256}`);
  return bytes;
}

function read(file: string): Buffer | undefined {
  return existsSync(file) ? readFileSync(file) : undefined;
}

function isRight(bytes: Buffer | undefined, { sha256 }: Jar): boolean {
  return bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === sha256;
}
