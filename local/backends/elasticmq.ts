import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LOCAL_REGION } from '../aws-environment.ts';
import { HOST } from '../ministack.ts';
import { paths } from '../paths.ts';
import type { Note } from '../progress.ts';
import { fetchJars, jarsIn } from './jars.ts';
import { type Server, startServer } from './server.ts';

const jars = jarsIn(readFileSync(join(import.meta.dirname, 'elasticmq.sha256'), 'utf8'));
const folder = join(paths.local, 'backends', 'elasticmq');

/** ElasticMQ, an SQS of another maker (Apache License 2.0), from Maven Central. */
export async function installElasticMq(note: Note): Promise<void> {
  const repository = process.env['MAVEN_REPOSITORY'] || 'https://repo1.maven.org/maven2';
  await fetchJars(jars, folder, { repository, note });
}

/** Settings are system properties: it has no other way without a file. */
export function startElasticMq(java: string, account: string): Promise<Server> {
  const classPath = jars.map(({ path }) => join(folder, path.slice(path.lastIndexOf('/') + 1))).join(delimiter);
  return startServer('elasticmq', java, (port) => [
    '-Xmx256m',
    `-Drest-sqs.bind-hostname=${HOST}`,
    `-Drest-sqs.bind-port=${port}`,
    '-Drest-stats.enabled=false',
    `-Dnode-address.host=${HOST}`,
    `-Dnode-address.port=${port}`,
    `-Daws.region=${LOCAL_REGION}`,
    `-Daws.accountId=${account}`,
    '-cp',
    classPath,
    'org.elasticmq.server.Main',
  ]);
}
