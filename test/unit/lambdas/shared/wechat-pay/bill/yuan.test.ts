import * as fc from 'fast-check';
import { NotYuanError } from '../../../../../../lambdas/shared/wechat-pay/bill/errors.ts';
import { fenOf } from '../../../../../../lambdas/shared/wechat-pay/bill/yuan.ts';
import { errorOf } from '../../../builders.ts';

describe('an amount in yuan', () => {
  it.each([
    ['0', 0],
    ['0.0', 0],
    ['0.01', 1],
    ['0.29', 29],
    ['1.1', 110],
    ['88', 8800],
    ['1001.10', 100_110],
    ['90071992547409.91', Number.MAX_SAFE_INTEGER],
  ])('%s is %d fen', (yuan, fen) => {
    expect(fenOf(yuan)).toBe(fen);
  });

  it.each(['', '.5', '1.', '0.001', '-1', '+1', '1e3', '1,000.00', ' 1', '1 ', '¥1', 'NaN', '１', '90071992547409.92'])(
    '%p is none',
    (text) => {
      expect(errorOf(() => fenOf(text))).toBeInstanceOf(NotYuanError);
    },
  );

  it('is exact, whatever the amount: no digit is lost on the way', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (fen) => {
        const digits = String(fen).padStart(3, '0');
        expect(fenOf(`${digits.slice(0, -2)}.${digits.slice(-2)}`)).toBe(fen);
      }),
    );
  });

  it('is refused, or is what was written: two texts of other amounts are never one number', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{1,18}(\.[0-9]{1,3})?$/), (text) => {
        const [whole = '', decimals = ''] = text.split('.');
        const exact = BigInt(whole) * 1000n + BigInt(decimals.padEnd(3, '0'));
        try {
          expect(BigInt(fenOf(text)) * 10n).toBe(exact);
        } catch (error) {
          expect(error).toBeInstanceOf(NotYuanError);
        }
      }),
    );
  });
});
