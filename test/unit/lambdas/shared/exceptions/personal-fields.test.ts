import { mask, maskedBody, redacted } from '../../../../../lambdas/shared/exceptions/personal-fields.ts';

const fields = ['payer.openid', 'items.receiver'];
const body = {
  payer: { openid: 'oUpF8', name: 'kept' },
  items: [{ receiver: ['Ming', { phone: 13 }] }, [{ receiver: 'Li' }]],
};

describe('the personal fields of a body', () => {
  it('are masked, of each item, in arrays within arrays too', () => {
    expect(JSON.parse(maskedBody(JSON.stringify(body), fields))).toEqual({
      payer: { openid: mask, name: 'kept' },
      items: [{ receiver: mask }, [{ receiver: mask }]],
    });
  });

  it('are taken out of what an error says, whatever lies in them', () => {
    const text = 'oUpF8 and Ming, and Li, call 13; kept';

    expect(redacted(text, JSON.stringify(body), fields)).toBe(`${mask} and ${mask}, and ${mask}, call ${mask}; kept`);
  });

  it.each([
    ['arrays', (inner: string, depth: number) => `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`],
    [
      'objects',
      (inner: string, depth: number) =>
        `${'{"payer":{"openid":'}${'{"a":'.repeat(depth)}${inner}${'}'.repeat(depth + 2)}`,
    ],
  ])('may be nested deeper than a stack: %s', (_, nested) => {
    const deep = nested('"oUpF8"', 100_000);

    expect(() => maskedBody(deep, fields)).not.toThrow();
    expect(() => redacted('oUpF8', deep, fields)).not.toThrow();
  });

  it.each(['no JSON', '"oUpF8"', '13'])('of %s are all of it', (text) => {
    expect(maskedBody(text, fields)).toBe(mask);
    expect(maskedBody(text, [])).toBe(text);
  });
});
