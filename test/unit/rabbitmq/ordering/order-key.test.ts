import { orderKeyOf } from '../../../../rabbitmq/ordering/order-key.ts';
import { message } from '../../lambdas/builders.ts';

const body = (value: unknown) => message({ payload: JSON.stringify(value) });

describe('the key a message is ordered by', () => {
  it.each([
    ['a header', { header: 'shop' }, message({ headers: { shop: 'north' } })],
    [
      'a property',
      { property: 'correlation_id' } as const,
      message({ properties: { message_id: 'e', correlation_id: 'north' } }),
    ],
    ['a member of its body', { member: 'shop' }, body({ shop: 'north' })],
    [
      'a member of a body that travels as base64',
      { member: 'shop' },
      message({ payload: Buffer.from('{"shop":"north"}').toString('base64'), payloadEncoding: 'base64' }),
    ],
  ])('may be %s', (_, key, one) => {
    expect(orderKeyOf(one, key)).toBe('"north"');
  });

  it('may be a number or a boolean, which is another key than its text', () => {
    const keys = [5, '5', true, 'true'].map((shop) => orderKeyOf(body({ shop }), { member: 'shop' }));

    expect(new Set(keys).size).toBe(4);
  });

  it.each([
    ['there is no such header', { header: 'shop' }, message({})],
    ['there is no such member', { member: 'shop' }, body({})],
    ['it is inherited', { member: 'constructor' }, body({})],
    ['it is a structure', { member: 'shop' }, body({ shop: { of: 'north' } })],
    ['it is null', { member: 'shop' }, body({ shop: null })],
    ['the body is no object', { member: 'length' }, body('text')],
    ['the body is null', { member: 'shop' }, body(null)],
    ['the body is no JSON', { member: 'shop' }, message({ payload: '{' })],
  ])('is none when %s', (_, key, one) => {
    expect(orderKeyOf(one, key)).toBeUndefined();
  });
});
