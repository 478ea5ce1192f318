import { loadInOrder } from '../../../../../lambdas/shared/outbox/load-in-order.ts';
import type { RowKey } from '../../../../../lambdas/shared/outbox/stored-row.ts';
import { MemoryRows, row, storedRow } from './memory-outbox.ts';

const key = (id: string): RowKey => ({ aggregate: id.slice(0, 1), event_id: id });
const ids = async (table: MemoryRows, ...wanted: string[]) =>
  (await loadInOrder(table, wanted.map(key))).map(({ event_id }) => event_id);

const [a1, a2, a3, b1] = [row('a1'), row('a2', {}, 'a1'), row('a3', {}, 'a2'), row('b1')];

describe('rows that are read for delivery', () => {
  it('come in the order that was asked for', async () => {
    expect(await ids(new MemoryRows(a1, b1, row('a9')), 'a9', 'b1', 'a1')).toEqual(['a9', 'b1', 'a1']);
  });

  it('come behind those they were written behind, which a stream may have turned round', async () => {
    expect(await ids(new MemoryRows(a1, a2, a3, b1), 'a3', 'b1', 'a1', 'a2')).toEqual(['a1', 'a2', 'a3', 'b1']);
  });

  it('bring along those they were written behind, when the stream has not come to them', async () => {
    expect(await ids(new MemoryRows(a1, a2, a3), 'a3')).toEqual(['a1', 'a2', 'a3']);
  });

  it('bring nobody along once they are delivered, and stop at who is', async () => {
    const table = new MemoryRows(a1, a2, a3);
    await table.relayed(key('a2'));

    expect(await ids(table, 'a3')).toEqual(['a2', 'a3']);
    expect(await ids(table, 'a2')).toEqual(['a2']);
  });

  it('do not go in circles, whatever the rows say', async () => {
    const table = new MemoryRows(row('a1', {}, 'a2'), row('a2', {}, 'a1'));

    expect(await ids(table, 'a1')).toEqual(['a2', 'a1']);
  });

  it('are left out when they are gone, unless somebody still has an image of them', async () => {
    const table = new MemoryRows(a1);

    expect(await ids(table, 'a1', 'b1')).toEqual(['a1']);
    expect(await loadInOrder(table, [key('a1'), key('b1')], [storedRow(b1)])).toEqual([storedRow(a1), storedRow(b1)]);
  });

  it('cost one read when nobody is brought along', async () => {
    const table = new MemoryRows(a1, b1);
    await ids(table, 'a1', 'b1');

    expect(table.loads).toBe(1);
  });
});
