import { type DynamoDBDocumentClient, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { ifItHolds } from '../aws/if-it-holds.ts';
import { type ExceptionState, exceptionRow, listedException } from './exception-row.ts';
import type { ExceptionQuery, ExceptionStore, Operator, SeenException } from './exception-store.ts';
import { type RowUpdate, rowUpdate } from './row-update.ts';

export interface ExceptionStoreDeps {
  readonly table: string;
  /** How long a row stays once nobody waits for it. */
  readonly keepSeconds: number;
  readonly now: () => Date;
}

export function createDynamoDbExceptionStore(
  client: DynamoDBDocumentClient,
  { table, keepSeconds, now }: ExceptionStoreDeps,
): ExceptionStore {
  return {
    async *find(query) {
      for await (const { Items = [] } of paginateQuery({ client }, { TableName: table, ...conditionOf(query) })) {
        yield* Items.map(listedException);
      }
    },
    async get({ event_id, source }) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: { event_id, source }, ConsistentRead: true }),
      );
      return Item && exceptionRow(Item);
    },
    startReplay: (seen, replayId, operator) =>
      act(seen, 'replaying', 'replay', operator, {
        set: { replay_id: replayId },
        remove: ['expires_at', 'resolved_at'],
      }),
    // Whoever has begun it has seen the row in the version before that.
    failReplay: ({ event_id, source }, replayId, operator, to) =>
      act({ event_id, source, state: 'replaying' }, to, 'replay failed', operator, {
        ...(to === 'discarded' || to === 'recorded' ? { set: { expires_at: expiry() } } : {}),
        remove: ['replay_id'],
        onlyIf: { replay_id: replayId },
      }),
    discard: (seen, operator) =>
      act(seen, 'discarded', 'discard', operator, {
        set: { expires_at: expiry() },
        remove: ['replay_id'],
      }),
    restore({ replay_id: _, ...row }, { who, why }) {
      const restored = { at: now().toISOString(), who, act: 'import', why, from: row.state, to: 'parked' };
      const Item = { ...row, state: 'parked', version: row.version + 1, history: [...row.history, restored] };
      const ConditionExpression = 'attribute_not_exists(event_id)';
      return ifItHolds(client.send(new PutCommand({ TableName: table, Item, ConditionExpression })));
    },
    reopen: (seen, operator) =>
      act(seen, 'open', 'reopen', operator, { remove: ['replay_id', 'expires_at', 'resolved_at'] }),
  };

  function expiry(): number {
    return Math.floor(now().getTime() / 1000) + keepSeconds;
  }

  async function act(
    { event_id, source, version, state: from }: Omit<SeenException, 'version'> & { readonly version?: number },
    to: ExceptionState,
    name: string,
    { who, why }: Operator,
    { set, onlyIf, ...update }: Omit<RowUpdate, 'key'>,
  ): Promise<boolean> {
    const history = { at: now().toISOString(), who, act: name, why, from, to };
    return await ifItHolds(
      client.send(
        rowUpdate(table, {
          ...update,
          key: { event_id, source },
          set: { ...set, state: to },
          append: { history },
          add: ['version'],
          onlyIf: { ...onlyIf, state: from, version },
        }),
      ),
    );
  }
}

type Names = Readonly<Record<string, string>>;

/** The event id is the table's own key; everything else has its index, by the time of the last occurrence. */
function conditionOf(query: ExceptionQuery) {
  // A key may not be compared with an empty text; all times begin with a digit.
  const { since = '0', until = '~' } = query;
  const time = { '#time': 'last_at' };
  const values = { ':since': since, ':until': until };
  if ('eventId' in query) {
    return {
      KeyConditionExpression: '#by = :by',
      FilterExpression: '#time BETWEEN :since AND :until',
      ExpressionAttributeNames: { '#by': 'event_id', ...time } satisfies Names,
      ExpressionAttributeValues: { ':by': query.eventId, ...values },
      ConsistentRead: true,
    };
  }
  const [IndexName, attribute, by] = indexOf(query);
  return {
    IndexName,
    KeyConditionExpression: '#by = :by AND #time BETWEEN :since AND :until',
    ExpressionAttributeNames: { '#by': attribute, ...time } satisfies Names,
    ExpressionAttributeValues: { ':by': by, ...values },
  };
}

function indexOf(query: Exclude<ExceptionQuery, { readonly eventId: string }>): [string, string, string] {
  if ('state' in query) return ['ByState', 'state', query.state];
  if ('fingerprint' in query) return ['ByFingerprint', 'fingerprint', query.fingerprint];
  if ('businessKey' in query) return ['ByBusinessKey', 'business_key', query.businessKey];
  return ['ByPlace', 'place', query.place];
}
