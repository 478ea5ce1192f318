import type { TableMove } from '../../lib/table-moves.ts';
import { createWarrenApp } from '../../lib/warren-app.ts';

const to = (name: string): TableMove['to'] => ({
  name,
  partitionKey: { name: 'pk', from: 'order#{out_trade_no}' },
  sortKey: { name: 'sk', from: 'order' },
});

/** The app of a stage whose orders and ledger are on the move, as somebody's lib/table-moves.ts declares it. */
const tableMoves: readonly TableMove[] = [
  { table: 'Orders', to: to('OrdersByKey') },
  { table: 'Ledger', to: to('LedgerByKey') },
];

createWarrenApp({ autoSynth: false }, undefined, { tableMoves }).synth();
