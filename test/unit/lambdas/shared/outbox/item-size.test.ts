import { itemBytes } from '../../../../../lambdas/shared/outbox/item-size.ts';

describe('the size of an item', () => {
  it.each<[string, Record<string, unknown>, number]>([
    ['a name and a text, in UTF-8', { é: '订单' }, 2 + 6],
    ['a text of characters beyond the basic plane', { a: '😀' }, 1 + 4],
    ['an empty text', { abc: '' }, 3],
    ['a truth value and a null', { a: true, b: null }, 4],
    ['bytes as they are, not as base64', { a: new Uint8Array(5) }, 6],
    ['a list: 3, and 1 for each element', { a: ['x', 'yz'] }, 1 + 3 + 2 + 3],
    ['a map: 3, and 1 for each entry', { a: { b: 'x', cd: 'y' } }, 1 + 3 + 2 + 3 + 2],
    ['sets', { a: new Set(['x', 'yz']), b: new Set([1]) }, 1 + 3 + 1 + 2],
    ['nothing, for what is undefined', { a: undefined }, 0],
  ])('counts %s', (_, item, bytes) => {
    expect(itemBytes(item)).toBe(bytes);
  });

  it.each([
    [0, 1],
    [7, 2],
    [100, 2],
    [10, 2],
    [12, 2],
    [123, 3],
    [1.5, 3],
    [0.001, 2],
    [-7, 3],
    [1_763_863_200, 5],
  ])('counts number %p as no less than the %i bytes DynamoDB stores, and two more at most', (number, measured) => {
    const bytes = itemBytes({ n: number }) - 1;

    expect(bytes).toBeGreaterThanOrEqual(measured);
    expect(bytes).toBeLessThanOrEqual(measured + 2);
  });
});
