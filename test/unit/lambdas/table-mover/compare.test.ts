import type { Key } from '../../../../lambdas/shared/table-moves/key-mapping.ts';
import { type Comparison, isEqual } from '../../../../lambdas/shared/table-moves/move.ts';
import type { MoveTables } from '../../../../lambdas/shared/table-moves/move-tables.ts';
import { comparePage, newComparison } from '../../../../lambdas/table-mover/compare.ts';
import { createMemoryMove, itemOf, startedAt } from './memory-move.ts';
import { atOnce } from './virtual-world.ts';

const page = { limit: 100, now: () => startedAt };

/** So many items at the source, of which the target has none yet: what is copied of them is on its way. */
function given(items: number) {
  const memory = createMemoryMove(atOnce, 0);
  const keys = Array.from({ length: items }, (_, at) => ({ out_trade_no: String(at).padStart(5, '0') }));
  for (const key of keys) memory.put('source', { key, item: itemOf(key, 'PAID') });
  const tables = memory.tables();
  const arrive = (some: readonly Key[]) => {
    for (const key of some) memory.put('target', { key, item: itemOf(key, 'PAID') });
  };
  const remove = (some: readonly Key[]) => {
    for (const key of some) memory.put('source', { key, item: undefined });
  };
  return { keys, tables, arrive, remove };
}

async function untilAgain(comparison: Comparison, tables: MoveTables): Promise<Comparison> {
  for (let so = comparison; ; so = await comparePage(so, tables, page)) if (so.phase === 'again') return so;
}

async function toTheEnd(comparison: Comparison, tables: MoveTables): Promise<Comparison> {
  for (let so = comparison; ; so = await comparePage(so, tables, page)) if (so.phase === 'finished') return so;
}

describe('a comparison that finds more on its way than it keeps', () => {
  it('is not over when that has arrived: what comes behind it is not equal', async () => {
    const { tables, arrive } = given(1_000);
    const full = await untilAgain(newComparison(startedAt), tables);
    arrive(full.suspects);

    const { suspects, equal } = await toTheEnd(full, tables);

    expect({ suspects: suspects.length, equal }).toEqual({ suspects: 500, equal: 500 });
  });

  it('is equal when all has arrived, and says so of each item once', async () => {
    const { keys, tables, arrive } = given(1_234);
    const full = await untilAgain(newComparison(startedAt), tables);
    arrive(keys);

    const ended = await toTheEnd(full, tables);

    expect(isEqual(ended)).toBe(true);
    expect(ended.equal).toBe(1_234);
  });

  it('finds what the target has besides', async () => {
    const { keys, tables, arrive, remove } = given(1_000);
    const full = await untilAgain(newComparison(startedAt), tables);
    arrive(keys);
    remove(keys.slice(0, 3));

    const { extra, suspects } = await toTheEnd(full, tables);

    expect({ extra, suspects }).toEqual({ extra: 3, suspects: keys.slice(0, 3) });
  });
});

describe('a comparison', () => {
  it('counts once what is deleted at the source while it is looked at from both sides, and reads no key twice', async () => {
    const { keys, tables, arrive, remove } = given(3);
    const atTarget = await comparePage(newComparison(startedAt), tables, page);
    arrive(keys);
    remove(keys);

    const again = await untilAgain(atTarget, tables);
    const { extra } = await toTheEnd(again, tables);

    expect(again.suspects).toEqual(keys);
    expect(extra).toBe(3);
  });
});
