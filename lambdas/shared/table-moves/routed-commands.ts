import { UnavailableError } from '../consumer/errors.ts';
import { type Fields, fieldsOf, listOf, textIn } from './fields.ts';
import { attributesOf, routedPages, stripped, toTargetKey } from './routed-answers.ts';
import type { FindRoute, RoutedTable } from './routes.ts';

/** What a command has to be for DynamoDB to take it, and how its answer is told as if nothing had moved. */
export interface Routed {
  readonly input: Fields;
  readonly toAnswer: (output: Fields) => Fields;
  /** To be read too, and believed where it says something else. */
  readonly against?: Fields;
}

/** Writes are closed for more than a minute: a message that came back each second would spend all its tries. */
const notBeforeSeconds = 30;

/** Writes of a table are refused for a moment, while it changes to another. */
export class WritesClosedError extends UnavailableError {
  constructor({ table, sourceName, targetName }: Pick<RoutedTable, 'table' | 'sourceName' | 'targetName'>) {
    super(`the table ${table} is not written for a moment, while it changes between ${sourceName} and ${targetName}`, {
      atLeastSeconds: notBeforeSeconds,
    });
  }
}

/** Of what the document client sends. Undefined: it is about no table that moves. Throws a `WritesClosedError`, and what cannot be routed. */
export async function routed(command: string, input: Fields, find: FindRoute): Promise<Routed | undefined> {
  if (command === 'TransactWriteItemsCommand') return routedTransaction(input, find);
  if (command === 'BatchGetItemCommand') return routedBatch(input, find);
  const route = await find(String(input['TableName']));
  switch (command) {
    case 'GetItemCommand':
      return route && routedGet(input, route);
    case 'QueryCommand':
    case 'ScanCommand':
      // While both are read, what is written decides: a page of the target cannot be held against it.
      return route && (route.reads === 'target' ? routedPages(input, route) : asItIs(input));
    case 'PutItemCommand':
    case 'UpdateItemCommand':
    case 'DeleteItemCommand':
      return route && { input: written(input, route), toAnswer: attributesOf(route) };
    case 'DescribeTableCommand':
      return undefined;
    default:
      return unroutable(command, input, find);
  }
}

/** It may name a table anywhere: as it is, it would read and write where that no longer is. */
async function unroutable(command: string, input: Fields, find: FindRoute): Promise<undefined> {
  for (const name of new Set(wordsIn(input))) {
    const route = await find(name);
    if (route) throw new Error(`the table ${route.table} moves, and nobody knows how to route a ${command}`);
  }
}

/** Names and words: of a statement, each. */
function wordsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.split(/[^\w.-]+/);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([name, one]) => [name, ...wordsIn(one)]);
}

const asItIs = (input: Fields): Routed => ({ input, toAnswer: (output) => output });

function routedGet(input: Fields, route: RoutedTable): Routed {
  if (route.reads === 'source') return asItIs(input);
  return {
    input: { ...input, TableName: route.targetName, Key: toTargetKey(fieldsOf(input['Key']), route) },
    toAnswer: (output) => (output['Item'] ? { ...output, Item: stripped(fieldsOf(output['Item']), route) } : output),
    ...(route.reads === 'both' && { against: input }),
  };
}

async function routedTransaction(input: Fields, find: FindRoute): Promise<Routed> {
  const actions = listOf(input['TransactItems']).map(async (action) => {
    const [[kind, one] = ['', {}]] = Object.entries(action);
    const route = await find(String(fieldsOf(one)['TableName']));
    return route ? { [kind]: written(fieldsOf(one), route) } : action;
  });
  return asItIs({ ...input, TransactItems: await Promise.all(actions) });
}

/** Of one table, as all of ours are. While both are read, what is written decides. */
async function routedBatch(input: Fields, find: FindRoute): Promise<Routed | undefined> {
  const requests = Object.entries(fieldsOf(input['RequestItems']));
  if (requests.length > 1) return unroutable('BatchGetItemCommand of several tables', input, find);
  const [[name, asked] = ['', {}]] = requests;
  const route = await find(name);
  if (route?.reads !== 'target') return undefined;
  const { targetName, sourceName, mapping } = route;
  const Keys = listOf(fieldsOf(asked)['Keys']).map((key) => toTargetKey(key, route));
  return {
    input: { ...input, RequestItems: { [targetName]: { ...fieldsOf(asked), Keys } } },
    toAnswer(output) {
      const found = listOf(fieldsOf(output['Responses'] ?? {})[targetName] ?? []);
      const left = fieldsOf(output['UnprocessedKeys'] ?? {})[targetName];
      const keys = left === undefined ? [] : listOf(fieldsOf(left)['Keys']);
      return {
        ...output,
        Responses: { [sourceName]: found.map((item) => stripped(item, route)) },
        UnprocessedKeys:
          left === undefined ? {} : { [sourceName]: { Keys: keys.map((key) => mapping.toSource(textIn(key))) } },
      };
    },
  };
}

/** A put, update, delete or check, alone or in a transaction. */
function written(input: Fields, route: RoutedTable): Fields {
  if (route.writes === 'closed') throw new WritesClosedError(route);
  if (route.writes === 'source') return input;
  const { targetName: TableName, mapping } = route;
  if (input['Item']) {
    const item = fieldsOf(input['Item']);
    return { ...input, TableName, Item: { ...item, ...mapping.toTarget(textIn(item)) } };
  }
  const key = fieldsOf(input['Key']);
  const moved = { ...input, TableName, Key: toTargetKey(key, route) };
  return input['UpdateExpression'] ? { ...moved, ...withOwnKey(input, key, route) } : moved;
}

/** An update may make an item: one that has its key at the source among its attributes, as all of them. */
function withOwnKey(input: Fields, key: Fields, { mapping }: RoutedTable): Fields {
  const target = mapping.toTarget(textIn(key));
  const own = Object.entries(key).filter(([name]) => !(name in target));
  if (own.length === 0) return {};
  const set = own.map((_, at) => `#sourceKey${at} = :sourceKey${at}`).join(', ');
  const expression = String(input['UpdateExpression']);
  return {
    UpdateExpression: /\bSET\s/i.test(expression)
      ? expression.replace(/\bSET\s/i, `SET ${set}, `)
      : `SET ${set} ${expression}`,
    ExpressionAttributeNames: {
      ...fieldsOf(input['ExpressionAttributeNames'] ?? {}),
      ...Object.fromEntries(own.map(([name], at) => [`#sourceKey${at}`, name])),
    },
    ExpressionAttributeValues: {
      ...fieldsOf(input['ExpressionAttributeValues'] ?? {}),
      ...Object.fromEntries(own.map(([, value], at) => [`:sourceKey${at}`, value])),
    },
  };
}
