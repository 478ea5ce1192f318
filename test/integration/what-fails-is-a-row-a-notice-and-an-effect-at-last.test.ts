import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DeleteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbExceptionStore } from '../../lambdas/shared/exceptions/dynamodb-exception-store.ts';
import type { ListedException } from '../../lambdas/shared/exceptions/exception-row.ts';
import { eventually } from '../../local/eventually.ts';
import { merchantUrl } from '../../local/merchant/merchant-process.ts';
import { publishInParts } from '../reliability/consume-under-kills.ts';
import {
  contradictedEntries,
  type Failure,
  paidUnknownOrders,
  refusedFulfilments,
} from '../reliability/three-failures.ts';
import { type Mailbox, openMailbox } from '../support/on-call-mailbox.ts';
import { finished, startWarren } from '../support/run-warren-process.ts';
import { testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { documents, endpoint, outputs } = deployment;
/** More of them for a measurement: FAILURES=1000. */
const count = Number(process.env['FAILURES'] ?? 150);
const late = Math.ceil(count / 5);

const folder = mkdtempSync(path.join(tmpdir(), 'warren-failures-'));
const store = createDynamoDbExceptionStore(documents, {
  table: outputs.ExceptionsTable,
  keepSeconds: 3600,
  now: () => new Date(),
});
let mailbox: Mailbox;

beforeAll(async () => {
  mailbox = await openMailbox(deployment);
});

afterAll(async () => {
  await mailbox.close();
  rmSync(folder, { recursive: true });
});

async function rowsBy(query: Parameters<typeof store.find>[0]): Promise<ListedException[]> {
  const rows: ListedException[] = [];
  for await (const row of store.find(query)) rows.push(row);
  return rows;
}

async function ownRows(fingerprint: string, { messages }: Pick<Failure, 'messages'>): Promise<ListedException[]> {
  const own = new Set(messages.map(({ properties }) => properties.message_id));
  return (await rowsBy({ fingerprint })).filter(({ event_id }) => own.has(event_id));
}

/** Fails one message, to see what it is called, and forgets that on-call was told of it. */
async function fingerprintOf({ messages: [first] }: Failure): Promise<string> {
  if (!first) throw new Error('there is no message');
  await publishInParts(deployment, [first]);
  const eventId = first.properties.message_id;
  const [row] = await eventually(
    () => rowsBy({ eventId }),
    (rows) => rows.length > 0,
    60_000,
  );
  const Key = { fingerprint: row?.fingerprint ?? 'none' };
  const TableName = outputs.NoticesTable;
  // Of another test's there may be one already.
  await eventually(
    () => documents.send(new GetCommand({ TableName, Key, ConsistentRead: true })),
    ({ Item }) => Item?.['last'].event_id === eventId && Item['sending'] === undefined,
    30_000,
  );
  await documents.send(new DeleteCommand({ TableName, Key }));
  return Key.fingerprint;
}

async function replay(fingerprint: string, since: Date) {
  const which = ['--stage', 'local', '--fingerprint', fingerprint, '--since', since.toISOString()];
  const args = ['exceptions', 'replay', ...which, '--reason', 'repaired', '--yes', '--json'];
  const { status, stdout, stderr } = await finished(startWarren(endpoint, args, folder));
  if (stdout === '') throw new Error(`no answer, status ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

describe(`${count} messages that fail in three ways`, () => {
  it('are a row each and a notice for each way; repaired and replayed they have one effect each, and what fails meanwhile is left alone', async () => {
    const since = new Date();
    const third = Math.floor(count / 3);
    const refused = refusedFulfilments(merchantUrl(), third);
    const failures = [
      paidUnknownOrders(deployment, count - 2 * third),
      contradictedEntries(deployment, third),
      refused,
    ];
    for (const failure of failures) await failure.break();
    const kinds: (readonly [Failure, string])[] = [];
    for (const failure of failures) kinds.push([failure, await fingerprintOf(failure)]);
    const fingerprints = kinds.map(([, fingerprint]) => fingerprint);
    expect(new Set(fingerprints).size).toBe(3);
    // Of the first of each.
    await mailbox.told(fingerprints, 3);

    await publishInParts(
      deployment,
      failures.flatMap(({ messages }) => messages.slice(1)),
    );

    for (const [failure, fingerprint] of kinds) {
      const rows = await eventually(
        () => ownRows(fingerprint, failure),
        ({ length }) => length >= failure.messages.length,
        300_000,
      );
      expect(new Set(rows.map(({ event_id }) => event_id)).size).toBe(failure.messages.length);
      expect(rows).toHaveLength(failure.messages.length);
      expect(new Set(rows.map(({ state, occurrences }) => `${state} ${occurrences}`))).toEqual(new Set(['open 1']));
    }
    await eventually(
      () => Promise.all(fingerprints.map((fingerprint) => noticeOf(fingerprint))),
      (notices) => notices.every((notice) => notice !== undefined && notice['sending'] === undefined),
      30_000,
    );
    expect(await mailbox.told(fingerprints, 3)).toHaveLength(3);

    for (const failure of failures) await failure.repair();
    const later = refusedFulfilments(merchantUrl(), late);
    await later.break();
    const replayed = await replayAll();

    expect(replayed).toMatchObject(
      failures.map(({ messages: { length } }) => ({ ok: true, rows: length, handled: length, reasons: [] })),
    );
    for (const [failure, fingerprint] of kinds) {
      const { length } = failure.messages;
      expect({ [failure.name]: await failure.effects() }).toEqual({
        [failure.name]: { events: length, effects: length },
      });
      expect(new Set((await ownRows(fingerprint, failure)).map(({ state }) => state))).toEqual(new Set(['resolved']));
    }
    const left = await eventually(
      () => ownRows(fingerprints[2] ?? '', later),
      ({ length }) => length >= late,
      60_000,
    );
    expect(left.map(({ state, occurrences }) => [state, occurrences])).toEqual(Array(late).fill(['open', 1]));
    expect(await later.asked()).toBe(late);

    async function replayAll() {
      const [first = '', second = '', last = ''] = fingerprints;
      const answers = [await replay(first, since), await replay(second, since)];
      const running = replay(last, since);
      // The selection is frozen once the first of it is on its way.
      const isBegun = (rows: readonly ListedException[]) => rows.some(({ state }) => state !== 'open');
      await eventually(() => ownRows(last, refused), isBegun, 60_000);
      await publishInParts(deployment, later.messages);
      return [...answers, await running];
    }
  }, 900_000);
});

async function noticeOf(fingerprint: string) {
  const { Item } = await documents.send(
    new GetCommand({ TableName: outputs.NoticesTable, Key: { fingerprint }, ConsistentRead: true }),
  );
  return Item;
}
