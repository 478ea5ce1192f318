import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { seededRandom } from '../../bin/warren/random.ts';
import { createDynamoDbLedgerStore } from '../../lambdas/ledger/dynamodb-ledger-store.ts';
import { isUnavailable } from '../../lambdas/shared/consumer/unavailable.ts';
import { createDynamoDbOrdersStore } from '../../lambdas/shared/orders/dynamodb-orders-store.ts';
import { createDynamoDbOutbox } from '../../lambdas/shared/outbox/dynamodb-outbox.ts';
import { createDynamoDbMoveTables } from '../../lambdas/shared/table-moves/dynamodb-move-tables.ts';
import { createDynamoDbMoves } from '../../lambdas/shared/table-moves/dynamodb-moves.ts';
import type { DeclaredMove } from '../../lambdas/shared/table-moves/env.ts';
import type { Key } from '../../lambdas/shared/table-moves/key-mapping.ts';
import { type Comparison, isEqual, type MoveStep, type Side } from '../../lambdas/shared/table-moves/move.ts';
import { MoveRefusedError } from '../../lambdas/shared/table-moves/move-steps.ts';
import { route } from '../../lambdas/shared/table-moves/moved-tables.ts';
import { createRoutes } from '../../lambdas/shared/table-moves/routes.ts';
import { createHandler } from '../../lambdas/table-follower/handler.ts';
import { act, type OperatorRequest } from '../../lambdas/table-mover/act.ts';
import { comparePage, newComparison } from '../../lambdas/table-mover/compare.ts';
import { schemaProblems } from '../../lambdas/table-mover/schema-problems.ts';
import { workAt } from '../../lambdas/table-mover/work.ts';
import { clientConfig } from '../../local/aws-environment.ts';
import { eventually } from '../../local/eventually.ts';
import { Killable } from '../support/killable.ts';
import { newOrderNumber, orderEvent } from '../support/order-events.ts';
import { pumpStream } from '../support/table-stream.ts';
import { CountingMeter, message, silentLog } from '../unit/lambdas/builders.ts';
import { orderIn, payingOrder } from '../unit/lambdas/shared/orders/orders.ts';
import { contractAccount, readBackEnds } from './back-ends.ts';

/** More of them for a measurement: WRITES=10000 WRITERS=32. */
const writes = Number(process.env['WRITES'] ?? 300);
const writers = Number(process.env['WRITERS'] ?? 8);
/** Of all writers. An emulator that is busy with them alone lets no move come to its end. */
const writesPerSecond = 60;

const [[name, endpoint] = ['no back end', '']] = Object.entries(readBackEnds().dynamoDb);
/** Of an emulator on a busy machine, whose calls take longer than DynamoDB's. */
const times = { maxAgeMs: 300, longestRequestMs: 1_000, followerMs: 2_000, closedAtMostMs: 120_000 };
const operator = { who: 'somebody', why: 'a test' };
const random = seededRandom(7);

const own = randomUUID().slice(0, 8);
const rows = `moves-${own}`;
const outboxTable = `outbox-${own}`;
const target = [
  { name: 'pk', from: 'order#{out_trade_no}' },
  { name: 'sk', from: 'order' },
];
const moveOf = (table: string): DeclaredMove => ({
  table,
  target: `${table}ByKey`,
  keys: { source: ['out_trade_no'], target },
  sourceName: `${table}-${own}`,
  targetName: `${table}-by-key-${own}`,
});
const [orders, ledger] = [moveOf('Orders'), moveOf('Ledger')];

describe(`orders and ledger that move under ${writes} writes of ${writers} writers (${name})`, () => {
  const clients: DynamoDBClient[] = [];
  const newClient = () => {
    const client = new DynamoDBClient(clientConfig(endpoint, contractAccount));
    clients.push(client);
    return client;
  };
  const client = newClient();
  const moves = createDynamoDbMoves(DynamoDBDocumentClient.from(newClient()), rows);
  const deps = { rows, maxAttempts: 5, sleep, now: () => new Date() };
  const tablesOf = (move: DeclaredMove) => createDynamoDbMoveTables(client, move, deps);
  const streams: string[] = [];
  const created: string[] = [];

  beforeAll(async () => {
    const streamed = [orders, ledger].flatMap(({ sourceName, targetName }) => [
      [sourceName, ['out_trade_no']] as const,
      [targetName, ['pk', 'sk']] as const,
    ]);
    for (const [table, keys] of streamed) streams.push((await create(table, keys, true))?.LatestStreamArn ?? '');
    await create(rows, ['id'], false);
    await create(outboxTable, ['aggregate', 'event_id'], false);
  });

  afterAll(async () => {
    for (const TableName of created) await client.send(new DeleteTableCommand({ TableName }));
    for (const one of clients) one.destroy();
  });

  async function create(
    TableName: string,
    keys: readonly string[],
    isFollowed: boolean,
  ): Promise<TableDescription | undefined> {
    const command = new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: keys.map((AttributeName, at) => ({
        AttributeName,
        KeyType: at === 0 ? ('HASH' as const) : ('RANGE' as const),
      })),
      ...(isFollowed && { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' as const } }),
    });
    created.push(TableName);
    return (await client.send(command)).TableDescription;
  }

  /** As a function has them: with its own client, and its own idea of where the tables are. */
  function stores() {
    const documents = DynamoDBDocumentClient.from(newClient(), { marshallOptions: { removeUndefinedValues: true } });
    const now = () => [performance.now(), Date.now()];
    route(documents, createRoutes([orders, ledger], { moves, maxAgeMs: times.maxAgeMs, now }), silentLog);
    const patience = { maxAttempts: 10, sleep: (milliseconds: number) => sleep(milliseconds), random: Math.random };
    const outbox = createDynamoDbOutbox(documents, { table: outboxTable, now: () => new Date(), ...patience });
    return {
      orders: createDynamoDbOrdersStore(documents, outbox, { table: orders.sourceName, now: () => new Date() }),
      ledger: createDynamoDbLedgerStore(documents, { table: ledger.sourceName, now: () => new Date() }),
    };
  }

  type Stores = ReturnType<typeof stores>;

  it(
    'are what the writers wrote, after a way there and back from each step, and the checker says equal',
    async () => {
      const counts = { writes: 0, refused: 0, kills: 0, acts: 0 };
      const state = new Map<string, 'PAYING' | 'PAID'>();
      let [hasWriters, isOver] = [true, false];
      const event = (out_trade_no: string) => ({
        aggregate: `order#${out_trade_no}`,
        message: message({ properties: { message_id: randomUUID() } }),
      });

      async function writer(): Promise<void> {
        const store = stores();
        const open: string[] = [];
        while (hasWriters) {
          const next = sleep((2_000 * writers) / writesPerSecond);
          const number = random() < 0.5 ? open.pop() : undefined;
          if (number === undefined) open.push(await placed(store));
          else await paid(store, number);
          counts.writes += 2;
          await next;
        }
      }

      async function placed(store: Stores): Promise<string> {
        const out_trade_no = newOrderNumber();
        await untilTaken(() => store.orders.create({ ...payingOrder, out_trade_no }, event(out_trade_no)));
        state.set(out_trade_no, 'PAYING');
        await untilTaken(() => entered(store, out_trade_no, 'PAYING'));
        return out_trade_no;
      }

      async function paid(store: Stores, out_trade_no: string): Promise<void> {
        const [from, to] = [
          { ...payingOrder, out_trade_no },
          { ...orderIn.PAID, out_trade_no },
        ];
        await untilTaken(() => store.orders.move(from, to, event(out_trade_no)));
        state.set(out_trade_no, 'PAID');
        await untilTaken(() => entered(store, out_trade_no, 'PAID'));
      }

      async function entered(store: Stores, out_trade_no: string, to: 'PAYING' | 'PAID') {
        const [result] = await store.ledger.upsertAll([orderEvent(out_trade_no, to)]);
        if (result?.outcome === 'unwritten') throw result.cause;
      }

      /** SQS would hand the message over again. */
      async function untilTaken(write: () => Promise<unknown>): Promise<void> {
        for (;;) {
          try {
            await write();
            return;
          } catch (error) {
            if (!isUnavailable(error)) throw error;
            counts.refused += 1;
            await sleep(100);
          }
        }
      }

      async function mover(move: DeclaredMove): Promise<void> {
        while (!isOver) {
          const process = new Killable();
          const run = workAt(move.table, Date.now() + 1_000, {
            moves: process.around(moves),
            tables: process.around(tablesOf(move)),
            times,
            pageSize: 50,
            leaseMs: 1_500,
            newId: randomUUID,
            now: Date.now,
            sleep: (milliseconds) => sleep(Math.max(0, milliseconds)),
            log: silentLog,
            meter: new CountingMeter(),
          }).then(() => true);
          const killedAfterMs = random() < 0.3 ? random() * 500 : 3_000;
          const isThrough = await Promise.race([run, sleep(killedAfterMs, false, { ref: false })]);
          process.kill();
          if (!isThrough) counts.kills += 1;
          await sleep(50);
        }
      }

      const follower = createHandler({ declared: [orders, ledger], moves, tablesOf, log: silentLog });
      const pumps = streams.map((stream) =>
        pumpStream(
          { endpoint, account: contractAccount, stream },
          (Records) => follower({ Records: [...Records] }),
          () => isOver,
        ),
      );

      const actDeps = {
        moves,
        times,
        schemaProblems: (move: DeclaredMove) => schemaProblems(client, move),
        now: () => new Date(),
      };
      const isTaken = async (request: OperatorRequest, move: DeclaredMove): Promise<boolean> => {
        try {
          await act(request, move, actDeps);
          counts.acts += 1;
          return true;
        } catch (error) {
          if (error instanceof MoveRefusedError) return false;
          throw error;
        }
      };

      async function go(what: 'start' | 'next' | 'back', from: MoveStep, move: DeclaredMove): Promise<void> {
        const { table } = move;
        const asked: OperatorRequest =
          what === 'start' ? { act: what, table, operator, rate: 20_000 } : { act: what, table, operator, seen: from };
        while (!(await isAt(from, move)) || !(await isTaken(asked, move))) await sleep(100);
      }

      /** What was found to differ is compared anew. */
      async function isAt(step: MoveStep, move: DeclaredMove): Promise<boolean> {
        const row = await moves.find(move.table);
        if ((row?.step ?? 'stopped') !== step) return false;
        const { comparison, copy } = row ?? {};
        const isOld = comparison ? comparison.phase === 'finished' && !isEqual(comparison) : copy?.phase === 'finished';
        if (isOld) await isTaken({ act: 'compare', table: move.table, operator }, move);
        return true;
      }

      async function way(move: DeclaredMove): Promise<void> {
        const steps: readonly (readonly ['start' | 'next' | 'back', MoveStep])[] = [
          ['start', 'stopped'],
          ['back', 'copying'],
          ['start', 'stopped'],
          ['next', 'copying'],
          ['back', 'reading'],
          ['next', 'copying'],
          ['next', 'reading'],
          ['back', 'closing'],
          ['next', 'reading'],
          ['back', 'written'],
          ['back', 'returning'],
          ['back', 'written'],
          ['next', 'reading'],
        ];
        for (const [what, from] of steps) await go(what, from, move);
        while ((await moves.find(move.table))?.step !== 'written') await sleep(100);
      }

      const started = Date.now();
      const working = Promise.all([...Array.from({ length: writers }, writer)]);
      const moving = Promise.all([mover(orders), mover(ledger)]);
      await Promise.all([way(orders), way(ledger)]);
      while (counts.writes < writes) await sleep(100);
      hasWriters = false;
      await working;

      // What was written last may still be on its way to the side that nobody reads: it is counted by a comparison that begins later.
      const isWhole = (comparison: Comparison) => comparison.equal === state.size;
      const compared = await Promise.all(
        [orders, ledger].map((move) => eventually(() => comparedToTheEnd(move), isWhole, 30_000)),
      );
      const { orders: store } = stores();
      const found = await Promise.all(
        [...state.keys()].map(async (number) => [number, (await store.find(number))?.state] as const),
      );
      isOver = true;
      await Promise.all([moving, ...pumps]);
      const seconds = (Date.now() - started) / 1_000;
      process.stderr.write(`${JSON.stringify({ ...counts, orders: state.size, seconds, compared })}\n`);
      expect(compared.map(isEqual)).toEqual([true, true]);
      expect(compared.map(({ equal }) => equal)).toEqual([state.size, state.size]);
      expect(new Map(found)).toEqual(state);
      expect(await entriesOf(ledger, 'target')).toEqual(state);
      expect(await entriesOf(ledger, 'source')).toEqual(state);
      expect(counts.kills).toBeGreaterThan(0);
      expect(counts.refused).toBeGreaterThan(0);
    },
    120_000 + 60 * writes,
  );

  async function entriesOf(
    move: DeclaredMove,
    side: Side,
  ): Promise<ReadonlyMap<string | undefined, string | undefined>> {
    const states = new Map<string | undefined, string | undefined>();
    for (let [after, isLast]: [Key | undefined, boolean] = [undefined, false]; !isLast; isLast = after === undefined) {
      const { items, next } = await tablesOf(move).page(side, after, 1_000);
      for (const { key, item } of items) states.set(key['out_trade_no'], item['state']?.S);
      after = next;
    }
    return states;
  }

  async function comparedToTheEnd(move: DeclaredMove): Promise<Comparison> {
    let comparison = newComparison(new Date());
    while (comparison.phase !== 'finished') {
      comparison = await comparePage(comparison, tablesOf(move), { limit: 500, now: () => new Date() });
      if (comparison.phase === 'again') await sleep(1_000);
    }
    return comparison;
  }
});
