import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SendMessageBatchCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { seededRandom } from '../../bin/warren/random.ts';
import { encodeMessage } from '../../lambdas/shared/broker/envelope.ts';
import { createDynamoDbExceptionStore } from '../../lambdas/shared/exceptions/dynamodb-exception-store.ts';
import type { ListedException } from '../../lambdas/shared/exceptions/exception-row.ts';
import { eventually } from '../../local/eventually.ts';
import { merchantUrl } from '../../local/merchant/merchant-process.ts';
import { depth } from '../../local/observe.ts';
import { killAtRandom } from '../reliability/kill-functions.ts';
import { refusedFulfilments } from '../reliability/three-failures.ts';
import { finished, startWarren } from '../support/run-warren-process.ts';
import { testDeployment } from '../support/test-deployment.ts';
import { message } from '../unit/lambdas/builders.ts';

const deployment = testDeployment();
const { documents, endpoint, outputs, sqs } = deployment;
const QueueUrl = deployment.deadLetterQueueUrl('fulfilment.requests');
/** Of each function. More of them for a measurement: KILLS=50. */
const kills = Number(process.env['KILLS'] ?? 5);
const perPart = 20;

const folder = mkdtempSync(path.join(tmpdir(), 'warren-kills-'));
const now = () => new Date();
const store = createDynamoDbExceptionStore(documents, { table: outputs.ExceptionsTable, keepSeconds: 3600, now });
const random = seededRandom(7);

const setVisibility = (VisibilityTimeout: string) =>
  sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout } }));

// A killed batch comes again after that: three minutes when deployed.
beforeAll(() => setVisibility('3'));
afterAll(async () => {
  await setVisibility('180');
  rmSync(folder, { recursive: true });
});

type Part = ReturnType<typeof refusedFulfilments>;

/** Messages that SQS gave up, as its redrive policy would have moved them. */
async function givenUp(): Promise<Part> {
  const part = refusedFulfilments(merchantUrl(), perPart);
  for (let from = 0; from < perPart; from += 10) {
    const Entries = part.messages.slice(from, from + 10).map(({ routing_key, payload, properties }, at) => ({
      Id: String(at),
      ...encodeMessage(message({ exchange: '', routingKeys: [routing_key], properties, payload })),
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
  return part;
}

async function rowsOf(parts: readonly Part[]): Promise<ListedException[]> {
  const ids = parts.flatMap(({ messages }) => messages.map(({ properties }) => properties.message_id));
  const found = await pMap(
    ids,
    async (eventId) => {
      const rows: ListedException[] = [];
      for await (const row of store.find({ eventId })) rows.push(row);
      return rows;
    },
    { concurrency: 16 },
  );
  return found.flat();
}

async function warren(...args: string[]) {
  const { stdout, stderr } = await finished(startWarren(endpoint, ['exceptions', ...args, '--yes', '--json'], folder));
  if (stdout === '') throw new Error(`no answer: ${stderr}`);
  return JSON.parse(stdout);
}

const states = (rows: readonly ListedException[]) => [...new Set(rows.map(({ state }) => state))];

describe(`${kills} kills`, () => {
  const since = new Date();
  const parts: Part[] = [];

  it('of dead-letters leave one open row for each message that SQS gave up', async () => {
    const killing = killAtRandom([outputs.DeadLettersFunction], random);
    const isEmpty = () =>
      eventually(
        () => depth(sqs, QueueUrl),
        (left) => left === 0,
        300_000,
      );
    try {
      do {
        parts.push(await givenUp());
        await isEmpty();
      } while (killing.kills() < kills);
    } finally {
      await killing.stop();
    }
    expect(await isEmpty()).toBe(0);

    const rows = await rowsOf(parts);
    expect(rows).toHaveLength(parts.length * perPart);
    expect(new Set(rows.map(({ event_id }) => event_id)).size).toBe(rows.length);
    expect(states(rows)).toEqual(['open']);
  }, 1_800_000);

  it('of replay leave one effect for each of them, and every row resolved', async () => {
    const [{ fingerprint = '' } = {}] = await rowsOf(parts.slice(0, 1));
    const killing = killAtRandom([outputs.ReplayFunction], random);
    const limits = ['--rate', '5', '--settle-seconds', '120'];
    const which = ['--stage', 'local', '--fingerprint', fingerprint, '--since', since.toISOString()];
    let answer = await warren('replay', ...which, '--reason', 'they were killed', ...limits);
    try {
      while (answer.asked < answer.rows) answer = await warren('resume', answer.file, ...limits);
    } finally {
      await killing.stop();
    }

    expect(killing.kills()).toBeGreaterThan(0);
    const rows = await eventually(
      () => rowsOf(parts),
      (all) => all.every(({ state }) => state === 'resolved'),
      120_000,
    );
    expect(states(rows)).toEqual(['resolved']);
    const effects = await pMap(parts, (part) => part.effects(), { concurrency: 4 });
    expect(effects).toEqual(parts.map(() => ({ events: perPart, effects: perPart })));
    process.stdout.write(
      `${JSON.stringify({ messages: rows.length, replayKills: killing.kills(), letters: parts.length * perPart })}\n`,
    );
  }, 1_800_000);
});
