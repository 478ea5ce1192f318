// worked example
import type { TableMove } from '../../../lib/table-moves.ts';

/** No stage has them by default: no table moves. */
export const onlyWhereATableMoves: readonly string[] = ['table-follower', 'table-mover'];

// worked example
export const movingOrders: TableMove = {
  table: 'Orders',
  to: {
    name: 'OrdersByKey',
    partitionKey: { name: 'pk', from: 'order#{out_trade_no}' },
    sortKey: { name: 'sk', from: 'order' },
  },
};
