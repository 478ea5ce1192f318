import { hashOfDouble, hashOfText, hashOfTexts } from '../../../../../rabbitmq/routing/hash/erlang-hash.ts';

/** Answers of `erlang:phash2/1` in the `erl` that runs RabbitMQ 4.3.6. */
describe('the hash of Erlang', () => {
  it.each([
    ['', 13708901],
    ['a', 112802447],
    ['abc', 98228475],
    ['order.paid', 103446142],
    ['abcdefghijk', 96993671],
    ['abcdefghijkl', 15432855],
    ['abcdefghijklm', 11441572],
    ['x'.repeat(100), 131552894],
    ['订单', 15859950],
  ])('of the text "%s"', (text, hash) => {
    expect(hashOfText(text)).toBe(hash);
  });

  it.each([
    [[''], 38220213],
    [['a'], 53691870],
    [['a', 'b'], 3094894],
    [['order.paid', 'x', 'abcdefghijklm'], 68913775],
  ])('of the texts %j', (texts, hash) => {
    expect(hashOfTexts(texts)).toBe(hash);
  });

  it.each([
    [1, 77147068],
    [1.5, 10380315],
    [0, 20875736],
    [-0, 20875736],
  ])('of the double %d', (double, hash) => {
    expect(hashOfDouble(double)).toBe(hash);
  });
});
