import { z } from 'zod';
import type { Consumer } from '../shared/consumer/consumer.ts';
import { PermanentError, RetryableError } from '../shared/consumer/errors.ts';
import { checkTold } from '../shared/orders/check-told.ts';
import { type OrderEvent, type OrderState, orderEventSchema } from '../shared/orders/order-event.ts';
import type { OrdersStore } from '../shared/orders/orders-store.ts';
import { type MoveStockDeps, moveStock, stockQueue } from '../shared/stock/move-stock.ts';
import { type StockExpired, stockExpiredSchema } from '../shared/stock/stock-event.ts';
import type { StockTrigger } from '../shared/stock/transitions.ts';

export interface StockDeps extends MoveStockDeps {
  readonly orders: Pick<OrdersStore, 'find'>;
}

/** What moves the goods of an order. */
export type StockTold = OrderEvent | StockExpired;

const toldSchema = z.union([stockExpiredSchema, orderEventSchema]);

/** What an order's new state is to its goods. */
const triggers: Readonly<Record<OrderState, StockTrigger | undefined>> = {
  PAYING: 'order.created',
  PAID: 'order.paid',
  CLOSED: 'order.closed',
  REFUNDING: 'order.refunding',
  // They are back since it was REFUNDING.
  REFUNDED: undefined,
};

/** Reserves, confirms, cancels and takes back the goods of an order, each once, in whatever order that is told. */
export function createStockConsumer(deps: StockDeps): Consumer<StockTold> {
  return {
    queue: stockQueue,
    schema: toldSchema,
    businessKey: (told) => `stock:${told.out_trade_no}:${'event' in told ? told.event : told.state}`,
    comparable: (told) => ('event' in told ? [told.expires_at] : [told.amount.total, JSON.stringify(told.items ?? [])]),
    async handle({ body: told, log, deadline }) {
      const { out_trade_no } = told;
      const order = await deps.orders.find(out_trade_no);
      if (!order) {
        if (!('event' in told) && told.items === undefined) return;
        throw new PermanentError(`there is no order ${out_trade_no}: its goods stay as they are`);
      }
      if ('event' in told) await checkExpired(told, deps);
      else checkTold(told, order);
      // What is paid is not let go because its `order.paid` comes late: nobody else may buy it meanwhile.
      if ('event' in told && order.state === 'PAID') return log.info('goods of a paid order stay', { out_trade_no });
      const trigger = 'event' in told ? told.event : triggers[told.state];
      if (trigger === undefined || order.items === undefined) return;
      const { items, amount_total: total, currency, transaction_id } = order;
      const change = { trigger, out_trade_no, items, amount: { total, currency }, transaction_id };
      const moved = await moveStock(change, deps, deadline);
      log.info('goods of an order', { out_trade_no, told: trigger, outcome: moved ?? 'past' });
    },
  };
}

function refusal(out_trade_no: string, problem: string): PermanentError {
  return new PermanentError(`order ${out_trade_no}: ${problem}`);
}

/** Its own reservation has sent it; told otherwise it was sent by hand. It may come early, by a clock that is ahead. */
async function checkExpired({ out_trade_no, expires_at }: StockExpired, { stock, now }: StockDeps): Promise<void> {
  const until = (await stock.find(out_trade_no))?.expires_at;
  if (until !== undefined && until !== expires_at)
    throw refusal(out_trade_no, `its goods lie ready until ${until}, and are told to until ${expires_at}`);
  const leftMs = Date.parse(expires_at) - now().getTime();
  if (leftMs <= 0) return;
  throw new RetryableError(`the goods of order ${out_trade_no} lie ready until ${expires_at}`, {
    delaySeconds: Math.ceil(leftMs / 1000),
  });
}
