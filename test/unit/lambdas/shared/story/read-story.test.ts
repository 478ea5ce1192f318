import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, type IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import {
  createFulfilmentConsumer,
  fulfilmentBusinessKey,
} from '../../../../../lambdas/fulfilment/fulfilment-consumer.ts';
import { createMerchantWebhookConsumer } from '../../../../../lambdas/merchant-webhook/merchant-webhook-consumer.ts';
import { createOrderSagaConsumer } from '../../../../../lambdas/order-saga/order-saga-consumer.ts';
import { markOf } from '../../../../../lambdas/order-saga/saga-told.ts';
import { createOrderTimeoutsConsumer } from '../../../../../lambdas/order-timeouts/order-timeouts-consumer.ts';
import { businessKeyOf } from '../../../../../lambdas/orders/told-by-wechat-pay.ts';
import type { OrderBooks } from '../../../../../lambdas/shared/books/books.ts';
import { keyPrefixOf } from '../../../../../lambdas/shared/consumer/consumed-queue.ts';
import { idempotencyId } from '../../../../../lambdas/shared/consumer/idempotency-id.ts';
import { listedException } from '../../../../../lambdas/shared/exceptions/exception-row.ts';
import type { ExceptionQuery } from '../../../../../lambdas/shared/exceptions/exception-store.ts';
import { orderVersions } from '../../../../../lambdas/shared/orders/order-event.ts';
import type { SagaRow } from '../../../../../lambdas/shared/saga/saga-row.ts';
import { businessKeysOf, fulfilmentKey } from '../../../../../lambdas/shared/story/business-keys.ts';
import { fulfilmentQueue } from '../../../../../lambdas/shared/story/dynamodb-story-sources.ts';
import { readStory } from '../../../../../lambdas/shared/story/read-story.ts';
import { createStockConsumer } from '../../../../../lambdas/stock/stock-consumer.ts';
import { now } from '../../builders.ts';
import { booksOf, entryOf, items, orderIn, refund } from '../books/some-books.ts';

/** Of an order that hangs since its second check. */
const hangingSaga: SagaRow = {
  out_trade_no: 'N1',
  marks: { paid: now.toISOString() },
  told: { waitsFor: 'fulfilment accepted', check: 2, last: 3 },
};

/** Notes under which key Powertools would keep a record. */
class NotingStore extends BasePersistenceLayer {
  readonly keys: string[] = [];

  protected async _putRecord({ idempotencyKey }: IdempotencyRecord): Promise<void> {
    this.keys.push(idempotencyKey);
  }

  protected async _deleteRecord(): Promise<void> {}
  protected async _updateRecord(): Promise<void> {}
  protected _getRecord(): Promise<IdempotencyRecord> {
    throw new Error('Not implemented');
  }
}

describe('the record of an effect', () => {
  it('is found under the key that Powertools keeps it under', async () => {
    const store = new NotingStore();
    const config = new IdempotencyConfig({ eventKeyJmesPath: 'businessKey', hashFunction: 'sha256' });
    store.configure({ config, keyPrefix: fulfilmentQueue });

    await store.saveInProgress({ businessKey: 'fulfilment:N1', comparable: [] }, 1_000);

    expect(store.keys).toEqual([idempotencyId(fulfilmentQueue, 'fulfilment:N1')]);
  });

  it('of a fulfilment is of the consumer’s queue and key', () => {
    const refuse = () => Promise.reject(new Error('Not implemented'));
    const consumer = createFulfilmentConsumer({
      post: refuse,
      orders: { find: refuse },
      outbox: { write: refuse },
      mostRetryAfterSeconds: 1,
      now: () => now,
      newEventId: () => 'e',
    });

    expect(fulfilmentQueue).toBe(keyPrefixOf(consumer));
    expect(fulfilmentKey('N1')).toBe(fulfilmentBusinessKey({ out_trade_no: 'N1' }));
  });
});

describe('the business keys of an order', () => {
  it('are those of what WeChat Pay tells of its payment and its refunds', () => {
    const order = orderIn('REFUNDING');
    const { mchid } = order;
    const books = booksOf(order, { refunds: [refund('PROCESSING', 8800, { out_refund_no: 'OP1' })] });
    const keys = businessKeysOf({ books, saga: undefined });
    const told = { mchid, out_trade_no: 'N1', transaction_id: 'T1', amount: { total: 8800, refund: 8800 } };

    expect(keys).toContain(
      businessKeyOf({
        ...told,
        appid: order.appid,
        trade_state: 'SUCCESS',
        success_time: now.toISOString(),
        amount: { total: 8800, currency: 'CNY' },
      }),
    );
    expect(keys).toContain(
      businessKeyOf({
        ...told,
        out_refund_no: 'OP1',
        refund_id: '50',
        refund_status: 'SUCCESS',
        success_time: now.toISOString(),
      }),
    );
    expect(keys).toContain('refund:OP1:requested');
    expect(keys).toContain('order:N1');
  });

  describe('are those by which its consumers know what they are told', () => {
    const { told: _, ...hanging } = hangingSaga;
    const keysOf = (saga: SagaRow | undefined) => businessKeysOf({ books: booksOf(orderIn('PAID')), saga });
    const states = Object.keys(orderVersions);
    /** What a business key is made of, as a message has it. */
    const told = (name: string) => ({
      out_trade_no: 'N1',
      ...(states.includes(name) ? { state: name } : { event: name }),
    });
    // None of them is asked for a key.
    const deps = {} as never;

    it.each<[string, { readonly businessKey: (body: never) => string }, readonly object[]]>([
      ['stock', createStockConsumer(deps), [...states, 'stock.expired'].map(told)],
      ['order-saga', createOrderSagaConsumer(deps), Object.keys(markOf).map(told)],
      ['order-timeouts', createOrderTimeoutsConsumer(deps), [told('PAYING')]],
      ['merchant-webhook', createMerchantWebhookConsumer(deps), states.map(told)],
      [
        'fulfilment',
        createFulfilmentConsumer(deps),
        [told('PAID'), told('stock.confirmed'), entryOf(orderIn('PAID', { items }))],
      ],
    ])('%s', (_consumer, { businessKey }, bodies) => {
      const keys = bodies.map((body) => businessKey(body as never));

      expect(keysOf(undefined)).toEqual(expect.arrayContaining(keys));
    });

    it.each<[string, SagaRow | undefined, readonly number[]]>([
      ['the first', undefined, [1]],
      ['the first, until one was told of', hanging, [1]],
      ['all so far, and the next', hangingSaga, [1, 2, 3, 4]],
    ])('and order-saga its checks: %s', (_checks, saga, checks) => {
      const { businessKey } = createOrderSagaConsumer(deps);

      expect(keysOf(saga).filter((key) => key.includes('check'))).toEqual(
        checks.map((check) => businessKey({ event: 'saga.check', out_trade_no: 'N1', check })),
      );
    });
  });
});

describe('reading a story', () => {
  const nothing: OrderBooks = { ...booksOf(orderIn('PAID')), order: undefined, entry: undefined };
  const row = (event_id: string, error_message: string, more: object = {}) =>
    listedException({
      event_id,
      source: 'daily-bill',
      state: 'open',
      reason: 'difference',
      error_message,
      created_at: now.toISOString(),
      last_at: now.toISOString(),
      ...more,
    });

  function read(
    books: OrderBooks,
    answer: (query: ExceptionQuery) => ReturnType<typeof row>[] = () => [],
    saga?: SagaRow,
  ) {
    return readStory('N1', {
      books: {
        of: async () => books,
        toldOf: async () =>
          books.order ? [{ event_id: 'e-1', told: 'order.paid', created_at: now.toISOString() }] : [],
      },
      sources: { saga: async () => saga, fulfilment: async () => undefined },
      exceptions: {
        async *find(query) {
          yield* answer(query);
        },
      },
    });
  }

  it('answers nothing when nothing is written', async () => {
    expect(await read(nothing)).toBeUndefined();
  });

  it('finds exceptions by event, by business key, and in the words of a bill, each once', async () => {
    const facts = await read(booksOf(orderIn('PAID')), (query) => {
      if ('eventId' in query && query.eventId === 'e-1') return [row('e-1', 'by event', { source: 'a queue' })];
      if ('businessKey' in query && query.businessKey === 'fulfilment:N1') {
        return [row('e-1', 'again', { source: 'a queue' }), row('e-2', 'by key')];
      }
      if (!('place' in query)) return [];
      return [
        row('bill-1', 'lacks the payment T1, by which the order N1 was paid'),
        row('bill-2', 'the order N11 was paid'),
      ];
    });

    expect(facts?.exceptions.map(({ event_id }) => event_id).sort()).toEqual(['bill-1', 'e-1', 'e-2']);
  });

  it('finds the exception that a hanging order rang with', async () => {
    const rang = (query: ExceptionQuery) => 'businessKey' in query && query.businessKey === 'saga:N1:saga.check:2';
    const facts = await read(
      booksOf(orderIn('PAID')),
      (query) => (rang(query) ? [row('check-2', 'it waits for too long')] : []),
      hangingSaga,
    );

    expect(facts?.exceptions.map(({ event_id }) => event_id)).toEqual(['check-2']);
  });
});
