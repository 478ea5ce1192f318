/** Writes docs/reliability.md: `npm run reliability`, against the local AWS that `npm start -- --once` leaves up. Some minutes. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { connectExample } from '../../local/demo/example-deployment.ts';
import { merchantUrl } from '../../local/merchant/merchant-process.ts';
import { runningDeployment } from '../../local/running-deployment.ts';
import { ensureValkey } from '../../local/valkey.ts';
import { consumeUnderKills, type KillRow } from './consume-under-kills.ts';
import { type FaultName, faults } from './fault-proxy.ts';
import { type FaultRow, publishUnderFault } from './publish-under-fault.ts';
import { scenariosOf } from './scenarios.ts';

const { endpoint, outputs } = await runningDeployment();
const run = { endpoint, messages: 1000, seed: 2026, mostRounds: 30 };

const rows: FaultRow[] = [];
for (const fault of Object.keys(faults) as FaultName[]) {
  process.stderr.write(`${fault} …\n`);
  rows.push(await publishUnderFault(fault, run));
}
const deployment = connectExample(endpoint, { all: outputs });
const scenarios = scenariosOf(deployment, { valkeyUrl: (await ensureValkey())?.url ?? '', merchantUrl: merchantUrl() });
const kills = { deployment, events: 500, times: 3, seed: 2026, withinMs: 900_000 };
process.stderr.write(
  `${kills.events} events, ${kills.times} times each, of ${scenarios.length} consumers while they are killed …\n`,
);
const killRows = await consumeUnderKills(scenarios, kills);

writeFileSync(path.join(import.meta.dirname, '../../docs/reliability.md'), page(rows, killRows));
const arePublished = rows.every(({ lost, wrongAcks, wrongNacks }) => lost + wrongAcks + wrongNacks === 0);
const areOne = killRows.every(({ done, effects, left }) => done === kills.events && effects === done && left === 0);
process.exitCode = arePublished && areOne ? 0 : 1;

function page(all: readonly FaultRow[], killed: readonly KillRow[]): string {
  return `# Reliability

What a publisher is told when SQS, or the way to it, fails, and what then stands in the queue. Written by \`npm run reliability\`;
\`npm test\` holds it with the same seed.

## ${run.messages} messages to one queue, published until each is acked

A proxy between the \`publish\` function's code, with its real SDK client, and the local AWS spoils calls of SendMessageBatch. What is not
acked is published again with the same event id. A message is lost when it was acked and is not in the queue. A wrong ack is one for an
attempt in which SQS stored nothing; a wrong nack one for an attempt in which it did.

| Fault | Calls | Spoilt | Published again | Confirmed | Stored | Duplicates | Lost | Wrong acks | Wrong nacks |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${all.map(rowOf).join('\n')}

${Object.entries(faults)
  .map(([name, { what, share }]) => `- **${name}**: ${what} (${share * 100} % of the calls).`)
  .join('\n')}

Duplicates carry the event id of the message they repeat: SQS stored a batch whose answer never came. Consumers apply them once.

## ${kills.events} events, told ${kills.times} times each, while the consumers are killed

The four consumers of the worked example on their deployed stacks. Each event is published ${kills.times} times, all of them shuffled, while processes of the
functions are killed with SIGKILL, at random and at random times. Effects are counted in the tables, in the cache, and for fulfilment in the
merchant's own log, which does the work of a key once.

A batch that is killed costs each of its messages a delivery, in RabbitMQ as here. Those that went over their limit became dead letters, and were
published again, under their event ids, when the killing was over.

| Consumer | Events | Messages | Kills | Dead letters, published again | Events with their effect | Effects | Left |
| --- | --- | --- | --- | --- | --- | --- | --- |
${killed.map(killRowOf).join('\n')}
`;
}

function killRowOf({ scenario, events, deliveries, kills: killed, letters, done, effects, left }: KillRow): string {
  return `| ${[scenario, events, deliveries, killed, letters, done, effects, left].join(' | ')} |`;
}

function rowOf(row: FaultRow): string {
  const { fault, calls, injected, again, confirmed, stored, duplicates, lost, wrongAcks, wrongNacks } = row;
  return `| ${[fault, calls, injected, again, confirmed, stored, duplicates, lost, wrongAcks, wrongNacks].join(' | ')} |`;
}
