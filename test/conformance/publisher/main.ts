/** `npm run conformance:publisher`: plays all scenarios on a broker through amqplib, and on Warren; `--record` keeps the broker's transcripts. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { defaultDialect, dialectOfVersion } from '../../../rabbitmq/dialect.ts';
import { playOnBroker } from './broker.ts';
import { scenarios } from './scenarios.ts';
import { playOnWarren } from './warren.ts';

const { AMQP_URL = 'amqp://guest:guest@127.0.0.1:5672', MANAGEMENT_URL = 'http://guest:guest@127.0.0.1:15672' } =
  process.env;
const { version, played } = await playOnBroker(AMQP_URL, MANAGEMENT_URL);
const dialect = dialectOfVersion(version) ?? defaultDialect;
let different = 0;
for (const scenario of scenarios) {
  const ours = await playOnWarren(scenario, dialect);
  if (isDeepStrictEqual(ours, played[scenario.name])) continue;
  different++;
  process.stdout.write(
    `${scenario.name}\n  RabbitMQ ${JSON.stringify(played[scenario.name])}\n  Warren   ${JSON.stringify(ours)}\n`,
  );
}
if (process.argv.includes('--record')) {
  const file = path.join(import.meta.dirname, 'recorded', `${version}.json`);
  writeFileSync(file, `${JSON.stringify({ version, played }, null, 1)}\n`);
}
process.stdout.write(`RabbitMQ ${version}: ${scenarios.length} scenarios, ${different} with another transcript\n`);
process.exitCode = different === 0 ? 0 : 1;
