import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  paginateQuery,
  paginateScan,
} from '@aws-sdk/lib-dynamodb';
import { ifItHolds } from '../aws/if-it-holds.ts';
import { type AuditLog, auditRow, type OperatorAct, type Surge, surgeOf } from './audit-log.ts';

/** Partition of the surges that are in force, by subject. No subject is called that. */
const inForce = 'surges in force';
const isNew = 'attribute_not_exists(subject)';

export interface DynamoDbAuditLogDeps {
  readonly table: string;
  readonly now: () => Date;
}

/** Acts are few: all of them are read by a scan. */
export function createDynamoDbAuditLog(
  client: DynamoDBDocumentClient,
  { table: TableName, now }: DynamoDbAuditLogDeps,
): AuditLog {
  return {
    async record(act) {
      // Two acts on one subject in one millisecond are two rows.
      for (let at = now(); !(await isPut(rowOf(act, at))); at = new Date(at.getTime() + 1));
    },
    async list(subject) {
      const items = subject === undefined ? await scan() : await query(subject);
      return items
        .filter((item) => item['subject'] !== inForce)
        .map(auditRow)
        .sort((one, other) => (one.at < other.at ? -1 : 1));
    },
    openSurge: ({ subject, ...surge }) =>
      isPut({ subject: inForce, at: subject, ...surge, opened_at: now().toISOString() }),
    surges: async () => (await query(inForce)).map(readSurge),
    async closeSurge(subject) {
      await client.send(new DeleteCommand({ TableName, Key: { subject: inForce, at: subject } }));
    },
  };

  /** False: there is a row by that key. */
  function isPut(Item: Item): Promise<boolean> {
    return ifItHolds(client.send(new PutCommand({ TableName, Item, ConditionExpression: isNew })));
  }

  function query(subject: string): Promise<Item[]> {
    const KeyConditionExpression = 'subject = :subject';
    const ExpressionAttributeValues = { ':subject': subject };
    const condition = { KeyConditionExpression, ExpressionAttributeValues };
    return itemsOf(paginateQuery({ client }, { TableName, ...condition, ConsistentRead: true }));
  }

  function scan(): Promise<Item[]> {
    return itemsOf(paginateScan({ client }, { TableName, ConsistentRead: true }));
  }
}

type Item = Record<string, unknown>;

async function itemsOf(pages: AsyncIterable<{ readonly Items?: Item[] | undefined }>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const { Items = [] } of pages) all.push(...Items);
  return all;
}

function rowOf(act: OperatorAct, at: Date) {
  return { ...act, at: at.toISOString() };
}

/** The sort key of a surge in force is its subject. */
function readSurge({ at, opened_at, ...surge }: Item): Surge {
  return surgeOf({ ...surge, subject: at, at: opened_at });
}
