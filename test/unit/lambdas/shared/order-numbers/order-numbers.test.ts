import {
  createOrderNumbers,
  highestSequence,
  InvalidOrderNumberError,
  SequenceExhaustedError,
} from '../../../../../lambdas/shared/order-numbers/order-numbers.ts';
import { errorOf } from '../../builders.ts';

const keys = { '1': 'a secret that is long enough, and random', '2': 'another secret, after the first was changed' };
const numbers = createOrderNumbers({ current: '1', keys });
const sequences = [...Array.from({ length: 2_000 }, (_, n) => n), 10 ** 9, highestSequence - 1, highestSequence];

describe('an order number', () => {
  it('is one for each sequence number, 17 digits, and can be read back with the key', () => {
    const all = sequences.map((sequence) => numbers.encode(sequence));

    for (const number of all) expect(number).toMatch(/^1\d{16}$/);
    expect(new Set(all).size).toBe(sequences.length);
    expect(all.map((number) => numbers.decode(number))).toEqual(
      sequences.map((sequence) => ({ sequence, keyVersion: '1' })),
    );
  });

  it('does not tell how many there are: neighbours are as far apart as any two', () => {
    const between = Array.from({ length: 500 }, (_, n) =>
      Math.abs(Number(numbers.encode(n + 1)) - Number(numbers.encode(n))),
    );

    const ascending = between.filter((distance) => distance < 10 ** 12).length;
    // Of two random numbers of that size every two hundredth or so are that near.
    expect(ascending).toBeLessThan(15);
  });

  it('stays readable when the key has changed, and new ones are made with the new key', () => {
    const changed = createOrderNumbers({ current: '2', keys });

    expect(changed.encode(5)).toMatch(/^2/);
    expect(changed.decode(numbers.encode(5))).toEqual({ sequence: 5, keyVersion: '1' });
    expect(createOrderNumbers({ current: '2', keys: { '2': keys[2] } }).encode(5)).toBe(changed.encode(5));
  });

  it('is refused with any one digit mistyped, and with any two neighbours swapped', () => {
    for (const sequence of [0, 1, 12_345, highestSequence]) {
      const number = numbers.encode(sequence);
      for (const wrong of [...mistyped(number), ...swapped(number)]) {
        expect(errorOf(() => numbers.decode(wrong))).toBeInstanceOf(InvalidOrderNumberError);
      }
    }
  });

  it.each([
    ['', 'digits alone'],
    ['12345', '5 digits'],
    [`${numbers.encode(1)}0`, '18 digits'],
    [numbers.encode(1).replace(/^1/, 'l'), 'digits alone'],
    [`${numbers.encode(1)} `, 'digits alone'],
    [createOrderNumbers({ current: '2', keys }).encode(1), 'no key of version 2'],
  ])('is refused with what is wrong: %j', (wrong, problem) => {
    const one = createOrderNumbers({ current: '1', keys: { '1': keys[1] } });

    expect(String(errorOf(() => one.decode(wrong)))).toContain(problem);
  });

  it('is not made for more than there are', () => {
    expect(errorOf(() => numbers.encode(highestSequence + 1))).toBeInstanceOf(SequenceExhaustedError);
  });
});

function mistyped(number: string): string[] {
  return [...number].flatMap((digit, at) =>
    [...'0123456789']
      .filter((other) => other !== digit)
      .map((other) => number.slice(0, at) + other + number.slice(at + 1)),
  );
}

function swapped(number: string): string[] {
  return [...number].flatMap((digit, at) => {
    const next = number[at + 1];
    return next === undefined || next === digit ? [] : [number.slice(0, at) + next + digit + number.slice(at + 2)];
  });
}
