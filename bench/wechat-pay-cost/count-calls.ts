/** A call of a function's, as it went over the wire. */
export interface RecordedCall {
  readonly at: number;
  /** The function's folder. */
  readonly fn: string;
  /** `DynamoDB_20120810` or `AmazonSQS`. */
  readonly service: string;
  readonly operation: string;
  readonly body: string;
}

export interface Counts {
  /** `fn operation target` → how often; a target is a table or a queue. */
  readonly calls: Map<string, number>;
  /** Messages sent, by queue. */
  readonly messages: Map<string, number>;
  readonly sends: number;
  readonly writeUnits: number;
  readonly readUnits: number;
}

export interface Sizes {
  /** Bytes of the largest item that is in it. */
  largestItem(table: string): number;
  /** A short name of a table or a queue's URL, for people. */
  nameOf(target: string): string;
}

/**
 * Units by DynamoDB's rules for on-demand tables, each item as large as the largest of its table; a failed condition costs as much as a write.
 * An item of a transaction, or of a batch, is a call of its own here.
 */
export function countCalls(recorded: readonly RecordedCall[], sizes: Sizes): Counts {
  const sqs = recorded
    .filter(({ service }) => service === 'AmazonSQS')
    .map((call) => ({ ...call, request: JSON.parse(call.body) }));
  const sends = sqs.filter(({ operation }) => operation.startsWith('SendMessage'));
  const parts = recorded
    .filter(({ service }) => service !== 'AmazonSQS')
    .flatMap(({ fn, operation, body }) =>
      partsOf(operation, JSON.parse(body)).map((part) => ({ ...part, fn, operation })),
    );
  const units = (kind: Part['kind']) =>
    sum(parts.filter((part) => part.kind === kind).map((part) => unitsOf(part, sizes.largestItem(part.table))));
  return {
    calls: tally([
      ...sqs.map(({ fn, operation, request }) => [`${fn} ${operation} ${sizes.nameOf(request.QueueUrl)}`, 1] as const),
      ...parts.map(({ fn, operation, table }) => [`${fn} ${operation} ${sizes.nameOf(table)}`, 1] as const),
    ]),
    messages: tally(
      sends.map(({ request }) => [sizes.nameOf(request.QueueUrl), request.Entries?.length ?? 1] as const),
    ),
    sends: sends.length,
    writeUnits: units('write'),
    readUnits: units('read'),
  };
}

function unitsOf({ kind, part, isTransactional }: Part, bytes: number): number {
  if (kind === 'write') return (isTransactional ? 2 : 1) * Math.ceil(bytes / 1024) + indexWrites(part);
  const aRead = part.ConsistentRead ? 1 : 0.5;
  return (isTransactional ? 2 : aRead) * Math.ceil(bytes / 4096);
}

interface Part {
  readonly table: string;
  readonly kind: 'read' | 'write';
  // biome-ignore lint/suspicious/noExplicitAny: a request is whatever DynamoDB takes
  readonly part: any;
  readonly isTransactional: boolean;
}

/** What a request is billed for: each item of a transaction or a batch by itself. */
// biome-ignore lint/suspicious/noExplicitAny: a request is whatever DynamoDB takes
function partsOf(operation: string, request: any): Part[] {
  if (operation === 'TransactWriteItems') {
    return request.TransactItems.flatMap((item: object) => Object.values(item)).map(
      // biome-ignore lint/suspicious/noExplicitAny: the same
      (part: any) => ({ table: part.TableName, kind: 'write' as const, part, isTransactional: true }),
    );
  }
  if (operation === 'BatchGetItem') {
    return Object.entries<{ Keys: object[] }>(request.RequestItems).flatMap(([table, part]) =>
      part.Keys.map(() => ({ table, kind: 'read' as const, part, isTransactional: false })),
    );
  }
  const kind = /^(Put|Update|Delete)Item$/.test(operation) ? 'write' : 'read';
  return [{ table: request.TableName, kind, part: request, isTransactional: false }];
}

/**
 * Of the indexes Agenda and Pending, which hold what has their key: one write to put an item in or to take it out, two to move it (DynamoDB, global
 * secondary indexes). Counted once in a transaction, too: whether it is billed twice there is not documented.
 */
function indexWrites(part: object): number {
  const { Item, UpdateExpression = '' } = Object(part);
  if (Item) return ['agenda', 'pending'].filter((key) => key in Item).length;
  const [set = '', removed = ''] = String(UpdateExpression).split('REMOVE');
  return (/\bagenda\b/.test(set) ? 2 : 0) + (/\b(agenda|pending)\b/.test(removed) ? 1 : 0);
}

function tally(entries: readonly (readonly [key: string, count: number])[]): Map<string, number> {
  const groups = Map.groupBy(entries, ([key]) => key);
  return new Map([...groups].map(([key, all]) => [key, sum(all.map(([, count]) => count))]));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
