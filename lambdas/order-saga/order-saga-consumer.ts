import type { Consumer } from '../shared/consumer/consumer.ts';
import { type MoveOrderDeps, moveOrder } from '../shared/orders/move-order.ts';
import type { Order } from '../shared/orders/order.ts';
import { orderVersions } from '../shared/orders/order-event.ts';
import { automaticNumber, type RefundReason, sendBack } from '../shared/refunds/automatic-refund.ts';
import { isAllReserved } from '../shared/refunds/refund-row.ts';
import type { RefundsDeps } from '../shared/refunds/request-refund.ts';
import type { StockStore } from '../shared/stock/stock-store.ts';
import { type CheckDeps, checkMessage, checkSaga, orderSagaQueue } from './check-saga.ts';
import { ContradictionError, ForeignEventError, RefundTakenBackError } from './errors.ts';
import { markOf, nameOf, type SagaTold, sagaToldSchema, type ToldEvent } from './saga-told.ts';

export type OrderSagaDeps = MoveOrderDeps & RefundsDeps & CheckDeps & { readonly stock: Pick<StockStore, 'find'> };

/**
 * Keeps the progress of each paid order, and has its money sent back when its goods or its fulfilment cannot be had. It commands nobody: whatever it is told, and
 * however often, leads to the same marks and to one refund.
 */
export function createOrderSagaConsumer(deps: OrderSagaDeps): Consumer<SagaTold> {
  return {
    queue: orderSagaQueue,
    schema: sagaToldSchema,
    businessKey: (told) => `saga:${told.out_trade_no}:${nameOf(told)}${'check' in told ? `:${told.check}` : ''}`,
    comparable: (told) => ('transaction_id' in told && told.transaction_id !== undefined ? [told.transaction_id] : []),
    async handle({ body: told, log }) {
      const { out_trade_no } = told;
      const order = await deps.store.find(out_trade_no);
      const reason = reasonToRefund(told);
      if (!order) {
        // It only tells how far somebody's order is, and it is nobody's.
        if (reason === undefined && !('check' in told)) return log.warn('progress of no order', { out_trade_no });
        throw new ForeignEventError(nameOf(told), out_trade_no, 'there is no such order');
      }
      if ('check' in told) {
        log.info('progress of an order', { out_trade_no, outcome: await checkSaga(told, order, deps) });
        return;
      }
      checkPayment(told, order);
      checkState(told, order);
      await checkGoods(told, order, deps);
      await deps.sagas.mark(out_trade_no, markOf[nameOf(told)], deps.now().toISOString(), checkMessage(told, 1, deps));
      await checkContradiction(told, deps);
      if (reason !== undefined) await compensate(order, reason, deps);
      log.info('progress of an order', { out_trade_no, told: nameOf(told), outcome: reason ?? 'noted' });
    },
  };
}

function checkPayment(told: ToldEvent, order: Order): void {
  const { out_trade_no, transaction_id } = order;
  if (transaction_id === undefined)
    throw new ForeignEventError(nameOf(told), out_trade_no, `it is ${order.state}, and was never paid`);
  if (told.transaction_id === transaction_id) return;
  throw new ForeignEventError(
    nameOf(told),
    out_trade_no,
    'its transaction_id is not the one that the order was paid by',
  );
}

/** An event is stored with its order, which is never behind it: a mark of what has not happened would stay, and the order be looked at no more. */
function checkState(told: ToldEvent, { state, out_trade_no }: Order): void {
  if ('event' in told || orderVersions[told.state] <= orderVersions[state]) return;
  throw new ForeignEventError(told.state, out_trade_no, `it is ${state}, and told to be ${told.state}`);
}

/** It is written with what it tells of: whoever may publish to the exchange has no money sent back by that. */
async function checkGoods(told: ToldEvent, { out_trade_no }: Order, { stock }: OrderSagaDeps): Promise<void> {
  if (nameOf(told) !== 'stock.unavailable') return;
  const state = (await stock.find(out_trade_no))?.state;
  if (state === 'UNAVAILABLE' || state === 'RETURNED') return;
  const problem = state === undefined ? 'nothing happened to its goods' : `its goods are ${state}`;
  throw new ForeignEventError('stock.unavailable', out_trade_no, problem);
}

/** Whichever was told first: what is sent out is not paid back by itself. */
async function checkContradiction(told: ToldEvent, { sagas }: OrderSagaDeps): Promise<void> {
  if (reasonToRefund(told) === undefined && nameOf(told) !== 'fulfilment.accepted') return;
  const row = await sagas.find(told.out_trade_no);
  if (row?.marks['fulfilment accepted'] === undefined) return;
  const other = (['fulfilment refused', 'goods unavailable'] as const).find((mark) => row.marks[mark] !== undefined);
  if (other !== undefined) throw new ContradictionError(row.out_trade_no, other);
}

/** What compensates for what cannot be had: nothing but money went before it, or the goods, which follow the money (`order.refunding`). */
function reasonToRefund(told: SagaTold): RefundReason | undefined {
  const name = nameOf(told);
  switch (name) {
    case 'stock.unavailable':
      return 'its goods are unavailable';
    case 'fulfilment.refused':
      return 'its fulfilment is refused';
    case 'PAID':
    case 'REFUNDING':
    case 'REFUNDED':
    case 'stock.confirmed':
    case 'fulfilment.accepted':
    case 'saga.check':
      return undefined;
    default:
      throw new Error(`no rule for ${name satisfies never}`);
  }
}

/** Each step may be done again: whoever dies between two is repeated from the first. */
async function compensate({ out_trade_no }: Order, reason: RefundReason, deps: OrderSagaDeps): Promise<void> {
  const change = { trigger: 'refund.requested', out_trade_no, facts: {}, objectionOf: () => undefined } as const;
  const { outcome, order } = await moveOrder(change, deps);
  const { transaction_id, amount_total: total, currency } = order;
  if (order.state === 'REFUNDED' || transaction_id === undefined) return;
  if (outcome === 'past') await checkNotWithdrawn(out_trade_no, transaction_id, deps);
  await sendBack({ out_trade_no, transaction_id, amount: { total, currency } }, reason, deps);
}

/** It was REFUNDING before, and not all is asked for: an operator took that back, WeChat Pay refused it, or it was a part. How the rest is paid back is for a person. */
async function checkNotWithdrawn(out_trade_no: string, transaction_id: string, deps: OrderSagaDeps): Promise<void> {
  const sums = await deps.refunds.sumsOf(transaction_id);
  if (sums === undefined || isAllReserved(sums)) return;
  const ours = await deps.refunds.find({ transaction_id, out_refund_no: automaticNumber(transaction_id) });
  if (ours === undefined) throw new RefundTakenBackError(out_trade_no);
}
