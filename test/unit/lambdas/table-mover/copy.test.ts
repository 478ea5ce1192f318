import { copyPage, prunePage } from '../../../../lambdas/table-mover/copy.ts';
import { createMemoryMove, itemOf, moveRow } from './memory-move.ts';
import { atOnce } from './virtual-world.ts';

const key = { out_trade_no: 'order-1' };
const [old, newer] = [itemOf(key, 'PAYING'), itemOf(key, 'PAID')];

describe('copying a page', () => {
  it('leaves what the stream has said of an item after the page was read', async () => {
    const { items, tables } = createMemoryMove(atOnce, 0);
    const move = moveRow({ copy: { phase: 'copy', copied: 0, newer: 0, pruned: 0 } });
    await tables().write('target', { key, item: newer }, { epoch: move.epoch, sequence: '7' });
    const page = async () => ({ items: [{ key, item: old }], next: undefined });

    const copy = await copyPage(move, { ...tables(), page }, 100);

    expect([...items.target.values()]).toEqual([newer]);
    expect(copy).toMatchObject({ phase: 'prune', copied: 0, newer: 1 });
  });

  it('copies an item again that the stream spoke of in an earlier start', async () => {
    const { items, tables } = createMemoryMove(atOnce, 0);
    await tables().write('target', { key, item: old }, { epoch: 1, sequence: '7' });
    const page = async () => ({ items: [{ key, item: newer }], next: undefined });

    await copyPage(moveRow({ epoch: 2 }), { ...tables(), page }, 100);

    expect([...items.target.values()]).toEqual([newer]);
  });

  it('takes nothing out of the target that the stream has brought after the source was looked at', async () => {
    const { items, tables } = createMemoryMove(atOnce, 0);
    const move = moveRow({ copy: { phase: 'prune', copied: 0, newer: 0, pruned: 0 } });
    await tables().write('target', { key, item: newer }, { epoch: move.epoch, sequence: '7' });

    const copy = await prunePage(move, { ...tables(), read: async () => new Map() }, 100);

    expect([...items.target.values()]).toEqual([newer]);
    expect(copy).toMatchObject({ phase: 'finished', pruned: 0 });
  });
});
