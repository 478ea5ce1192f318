/** `npm run conformance:dead-letters`: plays all scenarios on a broker and on Warren; `--record` keeps what the broker's queues held. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import pMap from 'p-map';
import { defaultDialect, dialectOfVersion } from '../../../rabbitmq/dialect.ts';
import { connectBroker } from './broker.ts';
import { asOn } from './known-differences.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { playOnWarren } from './warren.ts';

/** Each has a vhost of its own. */
const scenariosAtOnce = 16;

const { AMQP_URL = 'amqp://guest:guest@127.0.0.1:5672', MANAGEMENT_URL = 'http://guest:guest@127.0.0.1:15672' } =
  process.env;
const broker = await connectBroker(AMQP_URL, MANAGEMENT_URL);
const { version } = broker;
const dialect = dialectOfVersion(version) ?? defaultDialect;

async function playBoth(scenario: Scenario) {
  const { transcript, depths } = await playOnWarren(scenario, dialect, 'consumed');
  const expected = asOn(version, scenario, transcript);
  return { name: scenario.name, expected, played: await broker.play(scenario, depths) };
}

const interrupted = (): void => void broker.close().finally(() => process.exit(130));
process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
const results = await pMap(scenarios, playBoth, { concurrency: scenariosAtOnce, stopOnError: false });
const different = results.filter(({ expected, played }) => !isDeepStrictEqual(expected, played));
for (const { name, expected, played } of different) {
  process.stdout.write(`${name}\n  RabbitMQ ${JSON.stringify(played)}\n  Warren   ${JSON.stringify(expected)}\n`);
}
if (process.argv.includes('--record')) {
  const file = path.join(import.meta.dirname, 'recorded', `${version}.json`);
  const played = Object.fromEntries(results.map(({ name, played }) => [name, played]));
  writeFileSync(file, `${JSON.stringify({ version, played }, null, 1)}\n`);
}
process.stdout.write(`RabbitMQ ${version}: ${results.length} scenarios, ${different.length} with other letters\n`);
process.exitCode = different.length === 0 ? 0 : 1;
