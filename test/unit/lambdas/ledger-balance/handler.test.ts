import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { changedIn, InvalidEventError } from '../../../../lambdas/ledger-balance/changed-entries.ts';
import { createHandler, NotCountedError } from '../../../../lambdas/ledger-balance/handler.ts';
import type { LedgerEntry, LedgerPages } from '../../../../lambdas/shared/balances/ledger-pages.ts';
import { type OrderState, orderVersions } from '../../../../lambdas/shared/orders/order-event.ts';
import { CountingMeter, lambdaContext, rejectionOf, silentLog } from '../builders.ts';
import { MemoryBalances } from './memory-balances.ts';

function entry(out_trade_no: string, state: OrderState, total = 8800): LedgerEntry {
  return {
    out_trade_no,
    state,
    version: orderVersions[state],
    amount: { total, currency: 'CNY' },
    changed_at: '2026-11-23T02:00:00Z',
    recorded_at: '2026-11-23T02:00:01Z',
  };
}

/** The Lambda event and the SDK type the same DynamoDB JSON twice. */
const image = (item: object) => marshall(item) as NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>;
const told = (...entries: object[]): DynamoDBStreamEvent => ({
  Records: entries.map((one, at) => ({
    eventName: 'MODIFY',
    dynamodb: { NewImage: image(one), SequenceNumber: String(at) },
  })),
});

function given(pages: Partial<Record<string, Awaited<ReturnType<LedgerPages['page']>>>> = {}) {
  const balances = new MemoryBalances();
  const meter = new CountingMeter();
  const ledger = {
    async page(after = 'the beginning') {
      return pages[after] ?? { rows: [], unreadable: [], next: undefined };
    },
  };
  return { balances, meter, handle: createHandler({ balances, ledger, meter, log: silentLog }) };
}

describe('what the ledger’s stream tells', () => {
  it('is the newest entry of each order, in whatever order it comes', () => {
    const { entries } = changedIn(
      told(entry('a', 'PAID'), entry('a', 'REFUNDED'), entry('a', 'PAID'), entry('b', 'PAID')),
    );

    expect(entries.map(({ out_trade_no, state }) => [out_trade_no, state])).toEqual([
      ['a', 'REFUNDED'],
      ['b', 'PAID'],
    ]);
  });

  it('is nothing of an entry that was taken out', () => {
    const Records: DynamoDBRecord[] = [{ eventName: 'REMOVE', dynamodb: { OldImage: image(entry('a', 'PAID')) } }];

    expect(changedIn({ Records })).toEqual({ entries: [], unreadable: [] });
  });
});

describe('the function ledger-balance', () => {
  it('counts each entry once, however often the stream tells of it', async () => {
    const { balances, handle } = given();
    const batch = told(entry('a', 'PAID'), entry('b', 'REFUNDING', 100));

    await handle(batch, lambdaContext());
    await handle(batch, lambdaContext());

    expect(balances.received()).toBe(8900);
  });

  it('has the batch handed over again when one could not be counted, and counts the others', async () => {
    const { balances, handle } = given();
    balances.refused.add('b');

    const failed = await rejectionOf(handle(told(entry('a', 'PAID'), entry('b', 'PAID')), lambdaContext()));

    expect(failed).toBeInstanceOf(NotCountedError);
    expect(failed).toMatchObject({ message: 'not counted: b' });
    expect(balances.received()).toBe(8800);
  });

  it('is not held up by an entry that cannot be read: that one rings', async () => {
    const { balances, meter, handle } = given();

    await handle(told({ out_trade_no: 'by-hand', state: 'paid' }, entry('a', 'PAID')), lambdaContext());

    expect(balances.received()).toBe(8800);
    expect(meter.counts).toContainEqual(['LedgerEntries', { outcome: 'unreadable' }]);
  });

  it('recounts the ledger page by page, and says what was missing', async () => {
    const { balances, handle } = given({
      'the beginning': { rows: [entry('a', 'PAID'), entry('b', 'PAID')], unreadable: ['odd'], next: 'b' },
      b: { rows: [entry('c', 'PAID')], unreadable: [], next: undefined },
    });
    await handle(told(entry('a', 'PAID')), lambdaContext());

    const answer = await handle({ recount: {} }, lambdaContext(60_000));

    expect(answer).toEqual({ read: 4, counted: 2, unreadable: ['odd'], next: undefined });
    expect(balances.received()).toBe(3 * 8800);
  });

  it('stops recounting before its time is over, and says where to go on', async () => {
    const { handle } = given({
      'the beginning': { rows: [entry('a', 'PAID')], unreadable: [], next: 'a' },
      a: { rows: [entry('b', 'PAID')], unreadable: [], next: undefined },
    });

    expect(await handle({ recount: {} }, lambdaContext(9_000))).toMatchObject({ read: 1, next: 'a' });
    expect(await handle({ recount: { after: 'a' } }, lambdaContext(9_000))).toMatchObject({ read: 1, next: undefined });
  });

  it.each([[null], [{}], [{ recount: { from: 'a' } }]])('refuses what is none of both: %j', async (event) => {
    expect(await rejectionOf(given().handle(event, lambdaContext()))).toBeInstanceOf(InvalidEventError);
  });
});
