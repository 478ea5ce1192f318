import { givenPaid, givenWechatPay, notify_url, orderOf, refundOf, toldBy, urls } from './merchant.ts';

const number = 'ORDER-0001';

async function givenRefund(out_refund_no = 'R-1', refund = 8800) {
  const given = givenWechatPay();
  const transaction_id = await givenPaid(given, number);
  const answer = await given.call('POST', urls.refunds, refundOf(number, out_refund_no, refund));
  return { ...given, answer, transaction_id };
}

describe('a refund at WeChat Pay', () => {
  it('is taken, and being worked on', async () => {
    const { call, answer, transaction_id } = await givenRefund('R-1', 100);

    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      refund_id: expect.stringMatching(/^503\d{26}$/),
      out_refund_no: 'R-1',
      transaction_id,
      out_trade_no: number,
      channel: 'ORIGINAL',
      user_received_account: '支付用户零钱',
      funds_account: 'AVAILABLE',
      create_time: '2026-11-23T10:00:00+08:00',
      status: 'PROCESSING',
      amount: {
        total: 8800,
        refund: 100,
        payer_total: 8800,
        payer_refund: 100,
        settlement_total: 8800,
        settlement_refund: 100,
        discount_refund: 0,
        currency: 'CNY',
      },
    });
    expect((await call('GET', urls.refund('R-1'))).json).toEqual(answer.json);
    expect((await call('GET', urls.order(number))).json).toMatchObject({ trade_state: 'REFUND' });
  });

  it('asked for again, by either number of its payment, is the same', async () => {
    const { call, answer, transaction_id, wechatPay } = await givenRefund();
    const { out_trade_no: _, ...byTransaction } = refundOf(number, 'R-1', 8800);

    const again = await call('POST', urls.refunds, refundOf(number, 'R-1', 8800));
    const other = await call('POST', urls.refunds, { ...byTransaction, transaction_id });

    expect([again.json, other.json]).toEqual([answer.json, answer.json]);
    expect(wechatPay.books().refunds).toHaveLength(1);
  });

  it.each([
    ['another amount under the same number', refundOf(number, 'R-1', 200)],
    ['more than was paid, with the one before', refundOf(number, 'R-2', 8701)],
    [
      'another total than was paid',
      refundOf(number, 'R-2', 100, { amount: { refund: 100, total: 9900, currency: 'CNY' } }),
    ],
  ])('is refused with %s', async (_, body) => {
    const { call, wechatPay } = await givenRefund('R-1', 100);

    expect(await call('POST', urls.refunds, body)).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
    expect(wechatPay.books().refunds).toHaveLength(1);
  });

  it('of another payment under the same number is refused', async () => {
    const given = await givenRefund('R-1', 100);
    await givenPaid(given, 'ORDER-0002');

    const answer = await given.call('POST', urls.refunds, refundOf('ORDER-0002', 'R-1', 100));

    expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
  });

  it('whose two numbers are of two payments is refused', async () => {
    const given = await givenRefund('R-1', 100);
    const transaction_id = await givenPaid(given, 'ORDER-0002');

    const answer = await given.call('POST', urls.refunds, refundOf(number, 'R-2', 100, { transaction_id }));

    expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
  });

  it.each([
    ['neither number of its payment', { out_trade_no: undefined }, 400, 'PARAM_ERROR'],
    ['nothing to give back', { amount: { refund: 0, total: 8800, currency: 'CNY' } }, 400, 'PARAM_ERROR'],
    ['a payment nobody made', { out_trade_no: 'ORDER-9999' }, 404, 'RESOURCE_NOT_EXISTS'],
  ])('is refused with %s', async (_, changes, status, code) => {
    const { call } = await givenRefund('R-1', 100);

    const answer = await call('POST', urls.refunds, refundOf(number, 'R-2', 100, changes));

    expect(answer).toMatchObject({ status, json: { code } });
  });

  it('of an order that is not paid is refused', async () => {
    const { call } = givenWechatPay();
    await call('POST', urls.native, orderOf(number));

    const answer = await call('POST', urls.refunds, refundOf(number, 'R-1', 100));

    expect(answer).toMatchObject({ status: 404, json: { code: 'RESOURCE_NOT_EXISTS' } });
  });

  it('that nobody asked for is unknown', async () => {
    const { call } = givenWechatPay();

    expect(await call('GET', urls.refund('R-9'))).toMatchObject({ status: 404, json: { code: 'RESOURCE_NOT_EXISTS' } });
  });

  it('may be refused for want of money, and taken later', async () => {
    const given = givenWechatPay();
    await givenPaid(given, number);
    given.wechatPay.planAnswers('R-1', ['notEnough']);

    const answers = [
      await given.call('POST', urls.refunds, refundOf(number, 'R-1', 100)),
      await given.call('POST', urls.refunds, refundOf(number, 'R-1', 100)),
    ];

    expect(answers).toMatchObject([
      { status: 403, json: { code: 'NOT_ENOUGH' } },
      { status: 200, json: { status: 'PROCESSING' } },
    ]);
  });

  it('is done once when the answer to it is lost', async () => {
    const given = givenWechatPay();
    await givenPaid(given, number);
    given.wechatPay.planAnswers('R-1', ['droppedAfterWork']);

    await expect(given.call('POST', urls.refunds, refundOf(number, 'R-1', 8800))).rejects.toThrow('closed');
    const again = await given.call('POST', urls.refunds, refundOf(number, 'R-1', 8800));

    expect(again.status).toBe(200);
    expect(given.wechatPay.books().refunds).toHaveLength(1);
  });

  it.each(['SUCCESS', 'CLOSED', 'ABNORMAL'] as const)('ends with %s, which is told and answered', async (status) => {
    const { wechatPay, received, call, quiet } = await givenRefund('R-1', 100);

    wechatPay.settle('R-1', status);
    await quiet();

    const [, told] = received.map(toldBy);
    const { json } = await call('GET', urls.refund('R-1'));
    expect(told).toMatchObject({ event_type: `REFUND.${status}`, original_type: 'refund' });
    expect(told?.resource).toEqual({
      mchid: '1900000001',
      out_trade_no: number,
      transaction_id: json.transaction_id,
      out_refund_no: 'R-1',
      refund_id: json.refund_id,
      refund_status: status,
      ...(status === 'SUCCESS' && { success_time: '2026-11-23T10:00:00+08:00' }),
      user_received_account: '支付用户零钱',
      amount: { total: 8800, refund: 100, payer_total: 8800, payer_refund: 100 },
    });
    expect(json.status).toBe(status);
    expect(json.success_time).toBe(status === 'SUCCESS' ? '2026-11-23T10:00:00+08:00' : undefined);
  });

  it('that was closed leaves its money to other refunds', async () => {
    const { wechatPay, call } = await givenRefund('R-1', 8800);
    wechatPay.settle('R-1', 'CLOSED');

    expect(await call('POST', urls.refunds, refundOf(number, 'R-2', 8800))).toMatchObject({ status: 200 });
  });

  it('that is abnormal may still succeed, and then stays so', async () => {
    const { wechatPay } = await givenRefund();
    wechatPay.settle('R-1', 'ABNORMAL');

    expect(wechatPay.settle('R-1', 'SUCCESS')).toMatchObject({ status: 'SUCCESS' });
    expect(() => wechatPay.settle('R-1', 'CLOSED')).toThrow('SUCCESS already');
  });

  it('ends by itself after a while, and is told where its request said', async () => {
    const given = givenWechatPay({ settleAfterSeconds: 60 });
    await givenPaid(given, number);
    const elsewhere = `${notify_url}/refunds`;
    await given.call('POST', urls.refunds, refundOf(number, 'R-1', 100, { notify_url: elsewhere }));

    await given.time.until(() => given.received.length === 2);

    expect(given.received.at(-1)).toMatchObject({ notify_url: elsewhere, at: new Date('2026-11-23T02:01:00Z') });
  });
});
