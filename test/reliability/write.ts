/** Writes docs/reliability.md: `npm run reliability`, against the local AWS that `npm start -- --once` leaves up. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type FaultName, faults } from './fault-proxy.ts';
import { type FaultRow, publishUnderFault } from './publish-under-fault.ts';

const endpoint = process.env['AWS_ENDPOINT_URL'] ?? 'http://127.0.0.1:4566';
const run = { endpoint, messages: 1000, seed: 2026, mostRounds: 30 };

const rows: FaultRow[] = [];
for (const fault of Object.keys(faults) as FaultName[]) {
  process.stderr.write(`${fault} …\n`);
  rows.push(await publishUnderFault(fault, run));
}
writeFileSync(path.join(import.meta.dirname, '../../docs/reliability.md'), page(rows));
process.exitCode = rows.every(({ lost, wrongAcks, wrongNacks }) => lost + wrongAcks + wrongNacks === 0) ? 0 : 1;

function page(all: readonly FaultRow[]): string {
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
`;
}

function rowOf(row: FaultRow): string {
  const { fault, calls, injected, again, confirmed, stored, duplicates, lost, wrongAcks, wrongNacks } = row;
  return `| ${[fault, calls, injected, again, confirmed, stored, duplicates, lost, wrongAcks, wrongNacks].join(' | ')} |`;
}
