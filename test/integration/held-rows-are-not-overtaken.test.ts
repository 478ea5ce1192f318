import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoDbHolds } from '../../lambdas/shared/outbox/dynamodb-holds.ts';
import { createDynamoDbRowMarks } from '../../lambdas/shared/outbox/dynamodb-row-marks.ts';
import type { Hold } from '../../lambdas/shared/outbox/holds.ts';
import { connect } from '../../local/deployment.ts';
import { readDeployment, testAccount } from '../support/deployment-file.ts';
import { outboxRow, readRow } from '../support/outbox-table.ts';

const { endpoint, outputs: stackOutputs } = readDeployment();
const deployment = connect(endpoint, stackOutputs, testAccount);
const { documents, outputs } = deployment;

// A table of its own: the deployed sweep works on the deployed one once a minute.
const table = `holds-${randomUUID()}`;
const start = new Date('2026-11-23T02:00:00Z');
const later = new Date('2026-11-23T02:10:00Z');
let time = start;
const holds = createDynamoDbHolds(documents, { table, now: () => time, maxAttempts: 3, sleep: async () => {} });

beforeAll(async () => {
  await documents.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'aggregate', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'aggregate', KeyType: 'HASH' }],
    }),
  );
});
afterAll(async () => {
  await documents.send(new DeleteTableCommand({ TableName: table }));
});
beforeEach(() => {
  time = start;
});

async function holdOf(aggregate: string): Promise<Hold | undefined> {
  for await (const page of holds.all()) {
    const found = page.find((hold) => hold.aggregate === aggregate);
    if (found) return found;
  }
  return undefined;
}

async function existing(aggregate: string): Promise<Hold> {
  const hold = await holdOf(aggregate);
  if (!hold) throw new Error(`${aggregate} is not held`);
  return hold;
}

describe('an aggregate that is held', () => {
  it('keeps who waits in order, and the time of the first', async () => {
    await holds.hold('order', ['1', '2']);
    time = later;
    await holds.hold('order', ['3']);
    await holds.begin('order', ['9']);

    expect(await holds.waitBehind('order', ['4'])).toBe(true);
    expect(await existing('order')).toMatchObject({ since: start, waiting: ['1', '2', '3', '4'] });
    expect(await holds.heldOf(['order', 'nobody'])).toEqual(new Set(['order']));
  });

  it('is made by the sweep where there is none, and by nobody who only wants to wait', async () => {
    expect(await holds.waitBehind('begun', ['2'])).toBe(false);
    await holds.begin('begun', ['1']);

    expect(await existing('begun')).toMatchObject({ waiting: ['1'] });
    expect(await holds.waitBehind('begun', ['2'])).toBe(true);
    expect(await existing('begun')).toMatchObject({ waiting: ['1', '2'] });
  });

  it('ends when nobody waits any more; who comes then need not wait', async () => {
    await holds.hold('done', ['1']);

    await holds.settle(await existing('done'), [], true);

    expect(await holdOf('done')).toBeUndefined();
    expect(await holds.waitBehind('done', ['2'])).toBe(false);
  });

  it('does not end, and forgets nobody, when somebody came to wait meanwhile', async () => {
    await holds.hold('busy', ['1']);
    const seen = await existing('busy');
    await holds.waitBehind('busy', ['2']);

    await holds.settle(seen, [], true);
    await holds.settle(seen, ['1'], true);

    expect(await existing('busy')).toMatchObject({ waiting: ['1', '2'] });
  });

  it('is shortened by what is done, and its time starts anew only then', async () => {
    await holds.hold('slow', ['1', '2', '3']);
    time = later;

    await holds.settle(await existing('slow'), ['1', '2', '3'], false);
    expect(await existing('slow')).toMatchObject({ since: start, waiting: ['1', '2', '3'] });
    await holds.settle(await existing('slow'), ['2', '3'], true);
    expect(await existing('slow')).toMatchObject({ since: later, waiting: ['2', '3'] });
  });
});

describe('a note in a row that is gone', () => {
  it('brings back nothing', async () => {
    const row = outboxRow();
    const marks = createDynamoDbRowMarks(documents, { table: outputs.OutboxTable, keepSeconds: 60, now: () => start });

    await marks.relayed(row);
    await marks.left(row, ['q']);
    await marks.excepted(row);

    expect(await readRow(deployment, row)).toBeUndefined();
  });
});
