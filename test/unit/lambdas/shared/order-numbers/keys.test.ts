import { InvalidOrderNumberKeysError, parseOrderNumberKeys } from '../../../../../lambdas/shared/order-numbers/keys.ts';
import { errorOf } from '../../builders.ts';

const first = 'a key of enough characters';

describe('the secret of the order numbers', () => {
  it('holds keys by version, and says which is current; as text or as bytes', () => {
    const secret = JSON.stringify({ current: '2', '1': first, '2': 'another key, just as long' });

    for (const given of [secret, new TextEncoder().encode(secret)]) {
      expect(parseOrderNumberKeys(given)).toEqual({
        current: '2',
        keys: { '1': first, '2': 'another key, just as long' },
      });
    }
  });

  it.each([
    ['nothing', undefined],
    ['no JSON', first],
    ['no object', JSON.stringify([first])],
    ['no current version', JSON.stringify({ '1': first })],
    ['a current version that has no key', JSON.stringify({ current: '2', '1': first })],
    ['a version of two digits', JSON.stringify({ current: '1', '1': first, '10': first })],
    ['a version 0', JSON.stringify({ current: '0', '0': first })],
    ['a short key', JSON.stringify({ current: '1', '1': 'short' })],
  ])('is refused with %s, and no key is repeated', (_, secret) => {
    const error = errorOf(() => parseOrderNumberKeys(secret));

    expect(error).toBeInstanceOf(InvalidOrderNumberKeysError);
    expect(String(error)).not.toContain(first);
    expect(String(error)).not.toContain('short');
  });
});
