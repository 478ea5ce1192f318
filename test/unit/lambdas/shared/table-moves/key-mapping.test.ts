import { createKeyMapping, ForeignKeyError, keyText } from '../../../../../lambdas/shared/table-moves/key-mapping.ts';
import { rejectionOf } from '../../builders.ts';

const mapping = createKeyMapping({
  source: ['shop', 'number'],
  target: [
    { name: 'pk', from: 'shop#{shop}' },
    { name: 'sk', from: '{number}' },
  ],
});

describe('the key of a moved item', () => {
  it.each([
    { shop: 'a', number: '1' },
    { shop: 'a#b', number: '' },
    { shop: 'shop#', number: '{shop}' },
  ])('is found back: %j', (key) => {
    expect(mapping.toSource(mapping.toTarget(key))).toEqual(key);
  });

  it('is made as it is declared, and what the target alone has is known', () => {
    expect(mapping.toTarget({ shop: 'a', number: '1' })).toEqual({ pk: 'shop#a', sk: '1' });
    expect(mapping.derived).toEqual(['pk', 'sk']);
  });

  it('has one name, in whatever order its attributes are', () => {
    expect(keyText({ number: '1', shop: 'a' })).toBe(keyText({ shop: 'a', number: '1' }));
  });

  it('of an item that no move has put there is refused', async () => {
    const error = await rejectionOf(Promise.resolve().then(() => mapping.toSource({ pk: 'a', sk: '1' })));

    expect(error).toBeInstanceOf(ForeignKeyError);
    expect(String(error)).toContain(keyText({ pk: 'a', sk: '1' }));
  });
});
