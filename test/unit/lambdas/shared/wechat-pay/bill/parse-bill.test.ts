import * as fc from 'fast-check';
import { UnreadableBillError } from '../../../../../../lambdas/shared/wechat-pay/bill/errors.ts';
import { parseBill } from '../../../../../../lambdas/shared/wechat-pay/bill/parse-bill.ts';
import { tradeBill } from '../../../../../../local/wechat-pay-simulator/books/trade-bill.ts';
import { errorOf } from '../../../builders.ts';
import { billText, oneRow, paidLine, refundLine } from './bill-text.ts';

const parsed = (text: string) => parseBill(Buffer.from(text));
const refusal = (text: string) => errorOf(() => parsed(text));

describe('a bill', () => {
  it('is its payments and refunds, in fen and with the time of Beijing', () => {
    const bill = parsed(
      billText(
        [paidLine(), refundLine({ refund: '0.29' }), paidLine({ transaction_id: '43', total: '0.57' })],
        ['3', '88.57', '0.29'],
      ),
    );

    const order = { mchid: '1900000001', appid: 'wx0000000000000001', out_trade_no: 'T-1' };
    const payment = { ...order, state: 'SUCCESS', paidAt: '2026-11-23T10:00:00+08:00', currency: 'CNY' };
    expect(bill).toEqual({
      payments: [
        { ...payment, transaction_id: '42', total: 8800 },
        { ...payment, transaction_id: '43', total: 57 },
      ],
      refunds: [{ ...order, state: 'REFUND', transaction_id: '42', refund_id: '50', out_refund_no: 'R-1', refund: 29 }],
      others: [],
    });
  });

  it('holds nothing personal of what it is read from', () => {
    expect(JSON.stringify(parsed(oneRow))).not.toContain('oUpF8');
  });

  it('may begin with a byte order mark, and end its lines as Unix does', () => {
    expect(parsed(`\ufeff${oneRow}`)).toEqual(parsed(oneRow));
    expect(parsed(oneRow.replaceAll('\r\n', '\n'))).toEqual(parsed(oneRow));
    expect(parsed(oneRow.trimEnd())).toEqual(parsed(oneRow));
  });

  it('has its columns in any order, and more of them: they are found by their names', () => {
    const swapped = oneRow
      .replace('微信订单号,商户订单号', '商户订单号,微信订单号')
      .replace('`42,`T-1', '`T-1,`42')
      .replace('费率备注', '费率备注,新列')
      .replace('`88.00,`0.00,`\r\n', '`88.00,`0.00,`,`x\r\n');

    expect(parsed(swapped)).toEqual(parsed(oneRow));
  });

  it.each([
    ['commas', '礼物, 红色,大', 'a,b'],
    ['what parts two values', 'gift,`88.00,`x', 'y,`z'],
    ['quotes', '"礼物"', 'it\'s "one'],
    ['a line break', '礼物\n红色', 'a\r\nb'],
  ])('may have %s in texts, which are quoted nowhere', (_, description, attach) => {
    const text = billText(
      [paidLine({ description, attach }), paidLine({ transaction_id: '43' })],
      ['2', '176.00', '0'],
    );

    expect(parsed(text).payments.map(({ transaction_id, total }) => [transaction_id, total])).toEqual([
      ['42', 8800],
      ['43', 8800],
    ]);
  });

  it('keeps a transaction in a state that no order has', () => {
    expect(parsed(billText([paidLine({ state: 'REVOKED' })], ['1', '88.00', '0'])).others).toMatchObject([
      { transaction_id: '42', state: 'REVOKED' },
    ]);
  });

  it('may have no rows', () => {
    expect(parsed(billText([], ['0', '0.00', '0.00']))).toEqual({ payments: [], refunds: [], others: [] });
  });

  it('reads what somebody else has written from the same documentation', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', ',', '`', '"', '名', ' ', '.', '8') });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(100_000_000), texts, texts), { minLength: 1, maxLength: 8 }), (sold) => {
        const orders = sold.map(([total, description, attach], at) => ({
          terms: {
            out_trade_no: `T-${at}`,
            mchid: '1900000001',
            appid: 'wx0000000000000001',
            description,
            attach,
            notify_url: 'https://shop.example',
            trade_type: 'JSAPI' as const,
            amount: { total, currency: 'CNY' },
          },
          create_time: '2026-11-23T09:00:00+08:00',
          ticket: '',
          state: {
            trade_state: 'SUCCESS' as const,
            payment: { transaction_id: `42${at}`, success_time: '2026-11-23T10:00:00+08:00', openid: 'o' },
          },
        }));
        const bill = parsed(tradeBill({ orders, refunds: [] }, '2026-11-23', 'ALL') ?? '');
        expect(bill.payments.map(({ out_trade_no, total }) => [out_trade_no, total])).toEqual(
          sold.map(([total], at) => [`T-${at}`, total]),
        );
      }),
    );
  });
});

describe('a bill is refused', () => {
  const two = billText([paidLine(), paidLine({ transaction_id: '43' })], ['2', '176.00', '0.00']);

  it.each([
    ['cut off after a row', two.slice(0, two.indexOf('总交易单数'))],
    ['cut off within a row', two.slice(0, two.indexOf('`43') + 3)],
    ['cut off before the values of its summary', two.slice(0, two.lastIndexOf('`2,'))],
    ['empty', ''],
    ['names alone', two.slice(0, two.indexOf('\r\n'))],
    ['a page of something in between', '<html>busy</html>'],
    ['JSON', '{"code":"SYSTEM_ERROR"}'],
    ['followed by more', `${two}${paidLine()}\r\n`],
    ['followed by its summary again', two + two.slice(two.lastIndexOf('`2,'))],
  ])('when it is %s', (_, text) => {
    expect(refusal(text)).toBeInstanceOf(UnreadableBillError);
  });

  it.each([
    ['rows', ['2', '88.00', '0.00'], 'rows 2 instead of 1'],
    ['what was ordered', ['1', '88.01', '0.00'], 'ordered 8801 instead of 8800'],
    ['what was sent back', ['1', '88.00', '1.00'], 'refunded 100 instead of 0'],
    ['rows as a word', ['one', '88.00', '0.00'], 'rows undefined instead of 1'],
  ] as const)('when its summary has another sum of %s', (_, summary, told) => {
    expect(String(refusal(billText([paidLine()], summary)))).toContain(told);
  });

  it('when it lacks a column, and says which', () => {
    expect(String(refusal(oneRow.replace('微信订单号', '订单号')))).toContain('no column 微信订单号');
    expect(String(refusal(oneRow.replace(',订单总金额', ',总金额')))).toContain('no column 订单总金额');
  });

  it.each([
    ['a payment has no number', paidLine({ transaction_id: '' })],
    ['an amount is none', paidLine({ total: '88.001' })],
    ['an amount is negative', paidLine({ total: '-88.00' })],
    ['a time is none', paidLine({ time: '2026-13-23 10:00:00' })],
    ['a row has too few values', paidLine().split(',').slice(0, 20).join(',')],
  ])('when %s', (_, line) => {
    expect(() => parsed(billText([line], ['1', '88.00', '0.00']))).toThrow(/bill cannot be read|is no amount/);
  });

  it('when it is not UTF-8', () => {
    expect(errorOf(() => parseBill(Buffer.concat([Buffer.from(oneRow), Buffer.from([0xff])])))).toBeInstanceOf(
      UnreadableBillError,
    );
  });
});
