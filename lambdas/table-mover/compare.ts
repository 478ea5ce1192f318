import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Key, keyText } from '../shared/table-moves/key-mapping.ts';
import type { Comparison } from '../shared/table-moves/move.ts';
import type { Item, MoveTables } from '../shared/table-moves/move-tables.ts';

/** So many that stay so are enough to say that the tables are not equal. The move's row keeps them, and those of one page more. */
const mostSuspects = 500;
/** What differs that often, a moment apart, is not on its way. */
const mostRounds = 10;

export function newComparison(now: Date): Comparison {
  const counts = { rounds: 0, equal: 0, missing: 0, extra: 0, different: 0 };
  return { started_at: now.toISOString(), phase: 'source', suspects: [], ...counts };
}

/** All of the source against the target, then the target for what the source has not, then what differed once more, until nothing does. */
export async function comparePage(
  comparison: Comparison,
  tables: MoveTables,
  { limit, now }: { readonly limit: number; readonly now: () => Date },
): Promise<Comparison> {
  if (comparison.phase === 'again') return compareAgain(comparison, tables, now);
  const side = comparison.phase === 'source' ? 'source' : 'target';
  const { items, next } = await tables.page(side, comparison.after, limit);
  const others = await tables.read(
    side === 'source' ? 'target' : 'source',
    items.map(({ key }) => key),
  );
  const differ = items.filter(({ key, item }) => {
    const other = others.get(keyText(key));
    return side === 'target' ? other === undefined : !isSame(item, other);
  });
  const equal = side === 'source' ? items.length - differ.length : 0;
  const suspects = eachOnce([...comparison.suspects, ...differ.map(({ key }) => key)]);
  const { after: _, ...rest } = comparison;
  const so = { ...rest, suspects, equal: comparison.equal + equal, ...(next && { after: next }) };
  if (next === undefined && side === 'target') return { ...so, phase: 'again' };
  const phase = next === undefined ? 'target' : side;
  return suspects.length < mostSuspects ? { ...so, phase } : { ...so, phase: 'again', goesOn: phase };
}

/** One that is deleted meanwhile may be found from both sides, and DynamoDB takes no key twice in one read. */
function eachOnce(keys: readonly Key[]): Key[] {
  return [...new Map(keys.map((key) => [keyText(key), key])).values()];
}

async function compareAgain(comparison: Comparison, tables: MoveTables, now: () => Date): Promise<Comparison> {
  const { suspects, goesOn, ...rest } = comparison;
  // The source first: what is copied meanwhile is then at the target, and not the other way round.
  const ours = await tables.read('source', suspects);
  const theirs = await tables.read('target', suspects);
  const pairs = suspects.map((key) => ({ key, our: ours.get(keyText(key)), their: theirs.get(keyText(key)) }));
  const left = pairs.filter(({ our, their }) => !isSame(our, their));
  const missing = left.filter(({ their }) => their === undefined).length;
  const extra = left.filter(({ our }) => our === undefined).length;
  const rounds = comparison.rounds + 1;
  const found = {
    ...rest,
    suspects: left.map(({ key }) => key),
    equal: comparison.equal + pairs.filter(({ our, their }) => our !== undefined && isSame(our, their)).length,
    missing,
    extra,
    different: left.length - missing - extra,
  };
  // What was on its way has made room: the rest is still to be looked at.
  if (goesOn && left.length < mostSuspects) return { ...found, phase: goesOn, rounds: 0 };
  const isOver = left.length === 0 || rounds >= mostRounds;
  const finished = { phase: 'finished', finished_at: now().toISOString() } as const;
  return { ...found, rounds, ...(goesOn && { goesOn }), ...(isOver && finished) };
}

function isSame(one: Item | undefined, other: Item | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return isDeepStrictEqual(inOrder(one), inOrder(other));
}

/** A set has no order, and DynamoDB promises none. */
function inOrder(item: Item): unknown {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, valueInOrder(value)]));
}

function valueInOrder(value: AttributeValue): unknown {
  if (value.SS) return { SS: [...value.SS].sort() };
  if (value.NS) return { NS: [...value.NS].sort() };
  if (value.BS) return { BS: value.BS.map((bytes) => Buffer.from(bytes).toString('base64')).sort() };
  if (value.B) return { B: Buffer.from(value.B).toString('base64') };
  if (value.M) return { M: inOrder(value.M) };
  if (value.L) return { L: value.L.map(valueInOrder) };
  return value;
}
