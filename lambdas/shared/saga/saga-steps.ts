/** One thing that a function does when it is told something, and what is told of that. */
export interface SagaStep {
  readonly step: string;
  /** The function, by its folder in `lambdas/`. */
  readonly by: string;
  readonly does: string;
  readonly on: readonly string[];
  readonly tells: readonly string[];
  /** Steps that make up for this one, when something after it cannot be had. */
  readonly undoneBy?: readonly string[];
}

/**
 * The saga of an order: it is in nobody's hands, each step is what one function does when it is told something. `lambdas/order-saga/README.md` draws this table (`npm run
 * order-states`); tests hold it to the topology's bindings, and to what a simulation of thousands of orders has seen happen.
 */
export const sagaSteps = [
  {
    step: 'reserve',
    by: 'stock',
    does: 'lays the goods ready for a while',
    on: ['order.created'],
    tells: ['stock.expired'],
    undoneBy: ['release', 'give back'],
  },
  {
    step: 'pay',
    by: 'orders',
    does: 'notes the payment; sends it back if the order is closed, or paid twice',
    on: ['payment.success'],
    // What is closed, and refunded at once, is a payment whose refund was told first.
    tells: ['order.paid', 'order.closed', 'order.refunding', 'order.refunded', 'refund.requested'],
    undoneBy: ['refund'],
  },
  {
    step: 'confirm',
    by: 'stock',
    does: 'makes the goods the order’s own, or finds too few',
    on: ['order.paid'],
    tells: ['stock.confirmed', 'stock.unavailable'],
    undoneBy: ['give back'],
  },
  {
    step: 'fulfil',
    by: 'fulfilment',
    does: 'asks the merchant, who does it or refuses',
    on: ['order.paid', 'stock.confirmed'],
    tells: ['fulfilment.accepted', 'fulfilment.refused'],
  },
  {
    step: 'close',
    by: 'order-timeouts',
    does: 'closes what nobody has paid in time',
    on: ['order.created'],
    tells: ['order.closed'],
  },
  { step: 'release', by: 'stock', does: 'lets the goods go', on: ['order.closed', 'stock.expired'], tells: [] },
  {
    step: 'refund',
    by: 'order-saga',
    does: 'asks for all the money to be sent back',
    on: ['stock.unavailable', 'fulfilment.refused'],
    tells: ['order.refunding', 'refund.requested'],
  },
  { step: 'give back', by: 'stock', does: 'puts the goods back', on: ['order.refunding'], tells: [] },
  { step: 'send back', by: 'refunds', does: 'asks WeChat Pay', on: ['refund.requested'], tells: ['refund.success'] },
  {
    step: 'settle',
    by: 'orders',
    does: 'notes that the money is back, whoever sent it',
    on: ['refund.success'],
    tells: ['order.refunding', 'order.refunded'],
  },
  {
    step: 'note',
    by: 'order-saga',
    does: 'notes the progress, and whether it hangs',
    on: [
      'order.paid',
      'order.refunding',
      'order.refunded',
      'stock.confirmed',
      'stock.unavailable',
      'fulfilment.accepted',
      'fulfilment.refused',
      'saga.check',
    ],
    tells: ['saga.check'],
  },
] as const satisfies readonly SagaStep[];
