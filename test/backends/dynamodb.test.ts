import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbCircuits } from '../../lambdas/shared/circuit/dynamodb-circuits.ts';
import { createDynamoDbFailures } from '../../lambdas/shared/consumer/dynamodb-failures.ts';
import { createDynamoDbHolds } from '../../lambdas/shared/outbox/dynamodb-holds.ts';
import { createDynamoDbOutbox } from '../../lambdas/shared/outbox/dynamodb-outbox.ts';
import { createDynamoDbRowMarks } from '../../lambdas/shared/outbox/dynamodb-row-marks.ts';
import { clientConfig } from '../../local/aws-environment.ts';
import { auditLogContract } from '../contracts/dynamodb/audit-log.ts';
// worked example
import { balancesContract } from '../contracts/dynamodb/balances.ts';
// worked example
import { booksContract } from '../contracts/dynamodb/books.ts';
import { circuitsContract } from '../contracts/dynamodb/circuits.ts';
import { exceptionsContract } from '../contracts/dynamodb/exceptions.ts';
import { failuresContract } from '../contracts/dynamodb/failures.ts';
import { holdsContract } from '../contracts/dynamodb/holds.ts';
import { idempotencyContract } from '../contracts/dynamodb/idempotency.ts';
// worked example
import { ledgerContract } from '../contracts/dynamodb/ledger.ts';
import { noticesContract } from '../contracts/dynamodb/notices.ts';
// worked example
import { ordersContract } from '../contracts/dynamodb/orders.ts';
import { outboxContract } from '../contracts/dynamodb/outbox.ts';
import { partitionsContract } from '../contracts/dynamodb/partitions.ts';
// worked example
import { refundsContract } from '../contracts/dynamodb/refunds.ts';
import { rowsContract } from '../contracts/dynamodb/rows.ts';
// worked example
import { sagasContract } from '../contracts/dynamodb/sagas.ts';
import { segmentsContract } from '../contracts/dynamodb/segments.ts';
import { shardedCounterContract } from '../contracts/dynamodb/sharded-counter.ts';
// worked example
import { stockContract } from '../contracts/dynamodb/stock.ts';
import { tableMovesContract } from '../contracts/dynamodb/table-moves.ts';
import { tableFor } from '../contracts/dynamodb/tables.ts';
import { now } from '../unit/lambdas/builders.ts';
import { contractAccount, readBackEnds } from './back-ends.ts';
import { checkOn } from './known-differences.ts';

const patience = { maxAttempts: 5, sleep: async () => {} };

describe.each(Object.entries(readBackEnds().dynamoDb))('on %s', (name, endpoint) => {
  const client = new DynamoDBClient(clientConfig(endpoint, contractAccount));
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const check = checkOn(name);
  afterAll(() => client.destroy());

  describe('the holds', () => {
    const table = tableFor(documents, 'aggregate');
    holdsContract((time) => createDynamoDbHolds(documents, { table: table.name, now: time, ...patience }), check);
  });

  describe('the idempotency table', () => {
    const table = tableFor(documents, 'id');
    idempotencyContract(() => new DynamoDBPersistenceLayer({ tableName: table.name, awsSdkV3Client: client }), check);
    const options = { table: table.name, keyPrefix: 'q', expiresAfterSeconds: 3600, now: () => now };
    failuresContract(() => createDynamoDbFailures(documents, options), check);
  });

  describe('the circuits', () => {
    const table = tableFor(documents, 'source');
    circuitsContract(() => createDynamoDbCircuits(documents, table.name), check);
  });

  describe('the outbox', () => {
    const rows = tableFor(documents, 'aggregate', 'event_id');
    const own = tableFor(documents, 'id');
    outboxContract(
      () => ({
        outbox: createDynamoDbOutbox(documents, {
          table: rows.name,
          now: () => new Date(),
          ...patience,
          random: () => 0,
        }),
        rows: rows.items,
        giveUp: (row) =>
          createDynamoDbRowMarks(documents, { table: rows.name, keepSeconds: 60, now: () => now }).excepted(row),
        ownTable: own.name,
        async ownWrites(id) {
          const { Item } = await documents.send(
            new GetCommand({ TableName: own.name, Key: { id }, ConsistentRead: true }),
          );
          return Number(Item?.['made'] ?? 0);
        },
        async close(id) {
          const update = { UpdateExpression: 'SET closed = :yes', ExpressionAttributeValues: { ':yes': true } };
          await documents.send(new UpdateCommand({ TableName: own.name, Key: { id }, ...update }));
        },
      }),
      check,
    );
    rowsContract(documents, check);
  });

  exceptionsContract(documents, check);
  noticesContract(documents, check);
  auditLogContract(documents, check);
  // worked example
  ordersContract(documents, check);
  // worked example
  refundsContract(documents, check);
  partitionsContract(documents, check);
  segmentsContract(documents, check);
  tableMovesContract({ client, documents }, check);
  // worked example
  ledgerContract(documents, check);
  shardedCounterContract(documents, check);
  // worked example
  balancesContract(documents, check);
  // worked example
  booksContract(documents, check);
  // worked example
  stockContract(documents, check);
  // worked example
  sagasContract(documents, check);
});
