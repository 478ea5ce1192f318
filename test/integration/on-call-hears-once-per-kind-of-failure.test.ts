import { randomBytes, randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { BatchWriteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createHandler as createWatch } from '../../lambdas/on-call-watch/handler.ts';
import { documentClient } from '../../lambdas/shared/aws/clients.ts';
import { acknowledge } from '../../lambdas/shared/notices/acknowledge.ts';
import { createDynamoDbNotices } from '../../lambdas/shared/notices/dynamodb-notices.ts';
import { noticeRow } from '../../lambdas/shared/notices/notice-row.ts';
import type { Notices } from '../../lambdas/shared/notices/notices.ts';
import { createSnsTopic } from '../../lambdas/shared/notices/on-call-topic.ts';
import { createStoredNotices } from '../../lambdas/shared/notices/stored-notices.ts';
import { clientConfig } from '../../local/aws-environment.ts';
import { eventually } from '../../local/eventually.ts';
import { testAccount } from '../support/deployment-file.ts';
import { invoke } from '../support/invoke.ts';
import { type Mailbox, openMailbox } from '../support/on-call-mailbox.ts';
import { testDeployment } from '../support/test-deployment.ts';
import { CountingMeter, silentLog } from '../unit/lambdas/builders.ts';

const deployment = testDeployment();
const { outputs, lambda } = deployment;
const documents = documentClient(new DynamoDBClient(clientConfig(deployment.endpoint, testAccount)));
const sns = new SNSClient(clientConfig(deployment.endpoint, testAccount));
const hour = 3_600_000;

let mailbox: Mailbox;

beforeAll(async () => {
  mailbox = await openMailbox(deployment);
});

afterAll(async () => {
  await mailbox.close();
  sns.destroy();
  documents.destroy();
});

const told: Mailbox['told'] = (kinds, atLeast) => mailbox.told(kinds, atLeast);

const newKind = () => randomBytes(6).toString('hex');

/** Open rows of one kind, as a consumer would have stored them now. */
function rowsOf(fingerprint: string, count: number) {
  const now = new Date().toISOString();
  return Array.from({ length: count }, () => ({
    event_id: randomUUID(),
    source: "queue 'notices'",
    place: "queue 'notices'",
    state: 'open',
    reason: 'rejected',
    error_name: 'TestError',
    error_message: 'words that nobody is told',
    impact: 'Nobody is hurt.',
    fingerprint,
    occurrences: 1,
    version: 1,
    created_at: now,
    last_at: now,
  }));
}

async function store(rows: readonly object[]): Promise<void> {
  for (let from = 0; from < rows.length; from += 25) {
    const puts = rows.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
    await documents.send(new BatchWriteCommand({ RequestItems: { [outputs.ExceptionsTable]: puts } }));
  }
}

async function noticeOf(fingerprint: string) {
  const { Item } = await documents.send(
    new GetCommand({ TableName: outputs.NoticesTable, Key: { fingerprint }, ConsistentRead: true }),
  );
  return Item && noticeRow(Item);
}

/** The watch in this process, for these kinds alone, with a clock that is ahead. */
async function watchAhead(kinds: readonly string[], aheadMs: number): Promise<CountingMeter> {
  const meter = new CountingMeter();
  const deps = createStoredNotices({
    env: {
      EXCEPTIONS_TABLE: outputs.ExceptionsTable,
      EXCEPTIONS_KEEP_SECONDS: 60,
      NOTICES_TABLE: outputs.NoticesTable,
      ON_CALL_TOPIC_ARN: outputs.OnCallTopic,
      STAGE: 'local',
      NOTICE_WINDOW_SECONDS: 3_600,
      ESCALATE_AFTER_SECONDS: 1_800,
      NOTICE_LEASE_SECONDS: 60,
    },
    documents,
    sns,
    now: () => new Date(Date.now() + aheadMs),
    log: silentLog,
    meter,
  });
  const ofKinds: Notices = {
    ...deps.notices,
    async *all() {
      for await (const row of deps.notices.all()) if (kinds.includes(row.fingerprint)) yield row;
    },
  };
  const escalation = createSnsTopic(sns, outputs.OnCallTopic);
  await createWatch({ ...deps, notices: ofKinds, escalation, newId: randomUUID })({});
  return meter;
}

/** How many messages the notices tell of. */
function sum(notices: readonly { readonly subject: string }[]): number {
  return notices.reduce((total, { subject }) => total + Number(/(\d+) messages? failed/.exec(subject)?.[1]), 0);
}

describe('a thousand messages that fail in three ways', () => {
  const kinds = [newKind(), newKind(), newKind()];

  it('are three notices, whatever the stream hands over again; an hour later three more, which tell of the rest', async () => {
    const rows = kinds.flatMap((kind, n) => rowsOf(kind, n === 0 ? 334 : 333));
    await store(rows);
    const lastOf = (kind: string) => rows.findLast(({ fingerprint }) => fingerprint === kind)?.event_id;
    await eventually(
      () => Promise.all(kinds.map(noticeOf)),
      (found) => found.every((row, n) => row?.last.event_id === lastOf(kinds[n] ?? '') && row?.sending === undefined),
      30_000,
    );

    const Records = rows.slice(0, 100).map((row) => ({ eventName: 'INSERT', dynamodb: { NewImage: marshall(row) } }));
    expect(await invoke(lambda, outputs.ExceptionNoticesFunction, { Records })).toMatchObject({ failed: false });
    const first = await told(kinds, 3);

    expect(first).toHaveLength(3);
    for (const { text } of first) expect(text).not.toContain('words that nobody is told');

    // Otherwise what is wholly told is escalated by then.
    const notices = createDynamoDbNotices(documents, outputs.NoticesTable);
    for (const kind of kinds) await acknowledge(notices, kind, { who: 'lin', why: 'on it' }, new Date());
    await watchAhead(kinds, hour + 60_000);
    const then = await told(kinds, 3);

    expect(then.length).toBeLessThanOrEqual(3);
    expect(sum([...first, ...then])).toBe(1_000);
  });
});

describe('a notice', () => {
  it('is escalated after half an hour, and no more once somebody acknowledges it', async () => {
    const kind = newKind();
    await store(rowsOf(kind, 1));
    await eventually(
      () => noticeOf(kind),
      (row) => row !== undefined && row.sending === undefined,
      30_000,
    );
    expect(await told([kind], 1)).toMatchObject([{ subject: expect.stringContaining('1 message failed: TestError') }]);

    await watchAhead([kind], hour / 2 - 60_000);
    expect(await told([kind], 0)).toEqual([]);
    const meter = await watchAhead([kind], hour / 2 + 60_000);
    expect(await told([kind], 1)).toMatchObject([
      { subject: expect.stringMatching(/^ESCALATION Warren local: 1 message/) },
    ]);
    // The mailbox has subscribed: somebody listens.
    expect(meter.counts).toContainEqual(['OnCallHeartbeat', {}]);

    const notices = createDynamoDbNotices(documents, outputs.NoticesTable);
    expect(await acknowledge(notices, kind, { who: 'lin', why: 'on it' }, new Date())).toBe(true);
    await watchAhead([kind], 2 * hour);
    expect(await told([kind], 0)).toEqual([]);
    expect((await noticeOf(kind))?.history).toMatchObject([{ who: 'lin', act: 'acknowledge', why: 'on it' }]);
  });
});

describe('the deployed watch', () => {
  it('runs through what there is', async () => {
    expect(await invoke(lambda, outputs.OnCallWatchFunction, {})).toMatchObject({ failed: false });
  });
});
