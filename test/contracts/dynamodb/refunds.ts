import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbOutbox } from '../../../lambdas/shared/outbox/dynamodb-outbox.ts';
import { createDynamoDbRefundsStore } from '../../../lambdas/shared/refunds/dynamodb-refunds-store.ts';
import type { NewRefund, RefundRow } from '../../../lambdas/shared/refunds/refund-row.ts';
import { requestRefund } from '../../../lambdas/shared/refunds/request-refund.ts';
import { now } from '../../unit/lambdas/builders.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

/** Conditions and transactions that keep the refunds of a payment below it. */
export function refundsContract(documents: DynamoDBDocumentClient, check: Check = it): void {
  describe('the refunds of a payment', () => {
    const refundsTable = tableFor(documents, 'transaction_id', 'out_refund_no');
    const outboxTable = tableFor(documents, 'aggregate', 'event_id');

    function given() {
      const deps = { table: outboxTable.name, now: () => now, maxAttempts: 50, sleep: async () => {}, random: () => 0 };
      const refunds = createDynamoDbRefundsStore(documents, createDynamoDbOutbox(documents, deps), refundsTable.name);
      const payment = { transaction_id: randomUUID(), out_trade_no: randomUUID(), total: 8800, currency: 'CNY' };
      const refundOf = (refund: number, out_refund_no: string = randomUUID()): NewRefund => ({
        ...payment,
        out_refund_no,
        refund,
        reason: 'a test',
        requested_at: now.toISOString(),
      });
      return {
        refunds,
        refundOf,
        sums: () => refunds.sumsOf(payment.transaction_id),
        request: (refund: NewRefund) =>
          requestRefund(refund, { refunds, now: () => now, newEventId: () => randomUUID() }),
        told: async () =>
          (await outboxTable.items()).filter(({ body }) => String(body).includes(payment.transaction_id)).length,
      };
    }

    check('are never more than it, whatever is asked for at the same moment', async () => {
      const { request, refundOf, sums, told } = given();

      const outcomes = await Promise.all(Array.from({ length: 20 }, () => request(refundOf(1_000))));

      expect(outcomes.filter((one) => one === 'requested')).toHaveLength(8);
      expect(outcomes.filter((one) => one === 'too-much')).toHaveLength(12);
      expect(await sums()).toEqual({ total: 8800, reserved: 8_000, refunded: 0 });
      expect(await told()).toBe(8);
      expect([await request(refundOf(801)), await request(refundOf(800))]).toEqual(['too-much', 'requested']);
    });

    check('are never more than it, the first one included', async () => {
      const { request, refundOf, sums } = given();

      expect(await request(refundOf(8_801))).toBe('too-much');
      expect(await sums()).toBeUndefined();
    });

    check('are one under one number, however often it is asked for, and told once', async () => {
      const { request, refundOf, sums, told, refunds } = given();
      const refund = refundOf(8_800);

      const outcomes = await Promise.all(Array.from({ length: 10 }, () => request(refund)));

      expect(outcomes.sort()).toEqual([...Array.from({ length: 9 }, () => 'repeated'), 'requested']);
      expect(await sums()).toEqual({ total: 8800, reserved: 8_800, refunded: 0 });
      expect(await told()).toBe(1);
      expect(await refunds.find(refund)).toEqual({ ...refund, state: 'REQUESTED' });
      await expect(request({ ...refund, refund: 1 })).rejects.toThrow('another refund');
    });

    check('are settled once each, and free what was closed', async () => {
      const { request, refundOf, sums, refunds } = given();
      const [closed, back] = [refundOf(8_000), refundOf(800)];
      for (const one of [closed, back]) await request(one);
      const settle = (refund: NewRefund, state: RefundRow['state']) =>
        refunds.settle({ ...refund, state: 'REQUESTED' }, { ...refund, state, refund_id: '50' });

      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => [settle(closed, 'CLOSED'), settle(back, 'SUCCESS')]).flat(),
      );

      expect(outcomes.filter((one) => one === 'settled')).toHaveLength(2);
      expect(await sums()).toEqual({ total: 8800, reserved: 800, refunded: 800 });
      expect(await request(refundOf(8_000))).toBe('requested');
      const open = (await refundsTable.items()).filter(
        ({ transaction_id, agenda }) => transaction_id === closed.transaction_id && agenda !== undefined,
      );
      expect(open).toHaveLength(1);
    });

    check('are withdrawn once, unless somebody was about to ask for them meanwhile, and are free then', async () => {
      const { request, refundOf, sums, refunds } = given();
      const refund = refundOf(8_800);
      await request(refund);
      const requested: RefundRow = { ...refund, state: 'REQUESTED' };
      const withdrawn = { at: now.toISOString(), who: 'somebody', why: 'a test' };

      const asked = { ...requested, asked_at: now.toISOString() };
      expect(await refunds.noteAsking(refund, now)).toEqual(asked);
      expect(await refunds.withdraw(requested, withdrawn)).toBe(false);
      expect(await refunds.find(refund)).toEqual(asked);
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => refunds.withdraw(asked, withdrawn)));

      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await refunds.find(refund)).toEqual({ ...asked, state: 'WITHDRAWN', withdrawn });
      expect(await refunds.noteAsking(refund, now)).toBeUndefined();
      expect(await sums()).toEqual({ total: 8800, reserved: 0, refunded: 0 });
      const items = await refundsTable.items();
      const [item] = items.filter(({ out_refund_no }) => out_refund_no === refund.out_refund_no);
      expect(item).not.toHaveProperty('agenda');
      expect(await request(refundOf(8_800))).toBe('requested');
    });

    check('that were withdrawn, and are back all the same, are counted again', async () => {
      const { request, refundOf, sums, refunds } = given();
      const refund = refundOf(8_800);
      await request(refund);
      const requested: RefundRow = { ...refund, state: 'REQUESTED' };
      await refunds.withdraw(requested, { at: now.toISOString(), who: 'somebody', why: 'a test' });

      const withdrawn: RefundRow = { ...requested, state: 'WITHDRAWN' };
      expect(await refunds.settle(withdrawn, { ...requested, state: 'SUCCESS', refund_id: '50' })).toBe('settled');

      expect(await sums()).toEqual({ total: 8800, reserved: 8_800, refunded: 8_800 });
    });

    check('have numbers of their own among all payments, and are found by them', async () => {
      const [one, another] = [given(), given()];
      const refund = one.refundOf(800);

      expect(await one.request(refund)).toBe('requested');
      await expect(another.request(another.refundOf(800, refund.out_refund_no))).rejects.toThrow('another refund');

      expect(await another.sums()).toBeUndefined();
      expect(await one.refunds.findByNumber(refund.out_refund_no)).toEqual({ ...refund, state: 'REQUESTED' });
      expect(await one.refunds.findByNumber(randomUUID())).toBeUndefined();
    });

    check('that were made elsewhere are counted when they are heard of', async () => {
      const { request, refundOf, sums, refunds } = given();
      const success_time = '2026-11-23T12:00:00+08:00';
      const elsewhere: RefundRow = { ...refundOf(8_000), state: 'SUCCESS', refund_id: '50', success_time };

      expect(await refunds.settle(undefined, elsewhere)).toBe('settled');
      expect(await refunds.settle(undefined, elsewhere)).toBe('changed');

      const last = { refund_id: '50', success_time };
      expect(await sums()).toEqual({ total: 8800, reserved: 8_000, refunded: 8_000, last });
      expect([await request(refundOf(801)), await request(refundOf(800))]).toEqual(['too-much', 'requested']);
    });
  });
}
