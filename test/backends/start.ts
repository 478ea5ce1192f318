import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { refuseRealAws } from '../../local/aws-environment.ts';
import { installElasticMq, startElasticMq } from '../../local/backends/elasticmq.ts';
import { findJava } from '../../local/backends/java.ts';
import { canInstallMoto, installMoto, startMoto } from '../../local/backends/moto.ts';
import { ensureEmulator } from '../../local/emulator.ts';
import { step } from '../../local/progress.ts';
import { type BackEnds, backEndsFile, contractAccount } from './back-ends.ts';
import { knownDifferences } from './known-differences.ts';

/** What stops each server that runs. */
const stops: (() => Promise<void>)[] = [];

/** Before the contracts: every back end that can run here; one line says which cannot, and why. */
export default async function start(): Promise<void> {
  try {
    const ministack = await step('MiniStack is up', () => ensureEmulator());
    stops.push(ministack.stop);
    const backEnds: BackEnds = {
      dynamoDb: { ministack: ministack.endpoint, ...(await otherDynamoDb()) },
      sqs: { ministack: ministack.endpoint, ...(await otherSqs()) },
    };
    mkdirSync(path.dirname(backEndsFile), { recursive: true });
    writeFileSync(backEndsFile, JSON.stringify(backEnds));
    tellDifferences([...Object.keys(backEnds.dynamoDb), ...Object.keys(backEnds.sqs)]);
  } catch (error) {
    await stopAll();
    throw error;
  }
}

export async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0)) await stop();
}

async function otherDynamoDb(): Promise<BackEnds['dynamoDb']> {
  const given = givenEndpoint('AWS_ENDPOINT_URL_DYNAMODB');
  if (given) return { [given]: given };
  if (!canInstallMoto()) return skip('moto', 'AWS_ENDPOINT_URL is set, so there is no Python of ours');
  await step('moto is installed', installMoto);
  const { endpoint, stop } = await step('moto is up', startMoto);
  stops.push(stop);
  return { moto: endpoint };
}

async function otherSqs(): Promise<BackEnds['sqs']> {
  const given = givenEndpoint('AWS_ENDPOINT_URL_SQS');
  if (given) return { [given]: given };
  const java = findJava();
  if (java === undefined)
    return skip('ElasticMQ', 'there is no Java 17 or later, neither in JAVA_HOME nor on the PATH');
  await step('ElasticMQ is installed', installElasticMq);
  const { endpoint, stop } = await step('ElasticMQ is up', () => startElasticMq(java, contractAccount));
  stops.push(stop);
  return { elasticmq: endpoint };
}

/** One of the user's own, DynamoDB Local for instance: not ours to start or stop. */
function givenEndpoint(variable: string): string | undefined {
  const endpoint = process.env[variable];
  if (endpoint) refuseRealAws(endpoint);
  return endpoint || undefined;
}

/** What is known not to hold is tried all the same: it must fail. */
function tellDifferences(backEnds: readonly string[]): void {
  for (const backEnd of new Set(backEnds)) {
    for (const [title, difference] of Object.entries(knownDifferences[backEnd] ?? {})) {
      process.stderr.write(`- not expected of ${backEnd}: ${title} (${difference})\n`);
    }
  }
}

function skip(name: string, reason: string): Record<string, never> {
  process.stderr.write(`- the contracts are skipped on ${name}: ${reason}\n`);
  return {};
}
