import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamEvent, AttributeValue as StreamValue } from 'aws-lambda';
import type { DeclaredMove } from '../shared/table-moves/env.ts';
import { createKeyMapping, type Key, keyText } from '../shared/table-moves/key-mapping.ts';
import type { Side } from '../shared/table-moves/move.ts';
import type { Change } from '../shared/table-moves/move-tables.ts';

/** The event is no batch of the stream of a table that moves. */
export class InvalidStreamEventError extends Error {
  override readonly name = 'InvalidStreamEventError';

  constructor(reason: string) {
    super(`the event is no batch of a moving table's stream: ${reason}`);
  }
}

export interface StreamChange extends Change {
  readonly sequence: string;
}

/** The changes of one table, of each key the last of the batch. */
export interface StreamBatch {
  readonly move: DeclaredMove;
  readonly side: Side;
  readonly changes: readonly StreamChange[];
}

export function batchOf(event: DynamoDBStreamEvent, moves: readonly DeclaredMove[]): StreamBatch {
  if (!Array.isArray(event?.Records)) throw new InvalidStreamEventError('it has no Records');
  const name = /:table\/([^/]+)\/stream\//.exec(event.Records[0]?.eventSourceARN ?? '')?.[1];
  const move = moves.find(({ sourceName, targetName }) => name === sourceName || name === targetName);
  if (!move) throw new InvalidStreamEventError(`no declared move is of the table ${name}`);
  const side = name === move.sourceName ? 'source' : 'target';
  const last = new Map<string, StreamChange>();
  for (const { dynamodb } of event.Records) {
    const { Keys = {}, NewImage, SequenceNumber } = dynamodb ?? {};
    if (SequenceNumber === undefined) throw new InvalidStreamEventError('a record has no SequenceNumber');
    const key = keyOf(Keys, side, move);
    last.set(keyText(key), { key, item: NewImage && itemOf(NewImage, side, move), sequence: SequenceNumber });
  }
  return { move, side, changes: [...last.values()] };
}

function keyOf(keys: Readonly<Record<string, StreamValue>>, side: Side, { keys: declared }: DeclaredMove): Key {
  const names = side === 'source' ? declared.source : declared.target.map(({ name }) => name);
  const own = Object.fromEntries(names.map((name) => [name, keys[name]?.S ?? '']));
  return side === 'source' ? own : createKeyMapping(declared).toSource(own);
}

function itemOf(image: Readonly<Record<string, StreamValue>>, side: Side, { keys }: DeclaredMove) {
  const { derived } = createKeyMapping(keys);
  const own = Object.entries(image).filter(([name]) => side === 'source' || !derived.includes(name));
  return Object.fromEntries(own.map(([name, value]) => [name, toValue(value)]));
}

/** Lambda tells bytes as text. */
function toValue(value: StreamValue): AttributeValue {
  if (value.B !== undefined) return { B: Buffer.from(value.B, 'base64') };
  if (value.BS !== undefined) return { BS: value.BS.map((one) => Buffer.from(one, 'base64')) };
  if (value.L !== undefined) return { L: value.L.map(toValue) };
  if (value.M !== undefined)
    return { M: Object.fromEntries(Object.entries(value.M).map(([name, one]) => [name, toValue(one)])) };
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: value.N };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.SS !== undefined) return { SS: value.SS };
  if (value.NS !== undefined) return { NS: value.NS };
  return { NULL: true };
}
