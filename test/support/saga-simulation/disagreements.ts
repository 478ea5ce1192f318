import { waitsFor } from '../../../lambdas/shared/saga/waits-for.ts';
import { type Simulated, skus } from './simulate.ts';

/** One sentence for each thing that does not agree when all is over, to the fen and to the piece. */
export async function disagreements(simulated: Simulated): Promise<string[]> {
  const { customers, broker } = simulated;
  const perOrder = await Promise.all(customers.map((customer) => ofOrder(simulated, customer)));
  const letters = broker.letters.filter((letter) => !asksForAPerson(letter));
  return [
    ...letters.map(({ queue, problem }) => `${queue} has a letter: ${problem}`),
    ...(broker.waiting.size > 0 ? ['something still waits'] : []),
    ...perOrder.flat(),
    ...(await ofGoods(simulated)),
  ];
}

/** Its money goes back, and the merchant was asked for it before, or may have been. */
function asksForAPerson({ queue, problem }: Simulated['broker']['letters'][number]): boolean {
  return queue === 'fulfilment.requests' && problem.includes('may have been asked for it before');
}

async function ofOrder(
  { stores, wechatPay, merchant, ledger, broker }: Simulated,
  { order: { out_trade_no, amount_total, items }, payments }: Simulated['customers'][number],
): Promise<string[]> {
  const order = await stores.orders.find(out_trade_no);
  if (!order) return [`${out_trade_no} was never made`];
  const { state } = order;
  const kept = payments
    .map(({ transaction_id }) => wechatPay.payments.get(transaction_id))
    .reduce((sum, payment) => sum + (payment ? payment.amount.total - payment.back : 0), 0);
  const entry = ledger.entries.get(out_trade_no);
  const reservation = await stores.stock.find(out_trade_no);
  const row = await stores.sagas.find(out_trade_no);
  const isSentOut = merchant.sentOut.has(out_trade_no);
  const isAccepted = row?.marks['fulfilment accepted'] !== undefined;
  const askedIn = merchant.askedIn.get(out_trade_no);
  const isAskedAbout = broker.letters.some(
    (letter) => asksForAPerson(letter) && letter.problem.includes(`order ${out_trade_no} `),
  );
  // By somebody in the merchant portal: before it was sent out, which it is not then, or after that.
  const isGivenBack = stores.refunds.all.some(
    (one) => one.out_trade_no === out_trade_no && one.out_refund_no.startsWith('P-'),
  );
  const wanted = { PAID: 'CONFIRMED', CLOSED: 'CANCELLED', REFUNDED: 'RETURNED' } as const;
  const isEnd = state === 'PAID' || state === 'CLOSED' || state === 'REFUNDED';
  const claims: readonly (readonly [holds: boolean, problem: string])[] = [
    [isEnd, `is ${state}`],
    [kept === (state === 'PAID' ? amount_total : 0), `is ${state}, and ${kept} fen of ${amount_total} are kept`],
    [entry?.state === state && entry.amount.total === amount_total, `is ${state}, and ${entry?.state} in the ledger`],
    [isSentOut === (state === 'PAID') || isGivenBack, `is ${state}, and ${isSentOut ? '' : 'not '}sent out`],
    [
      state === 'PAID' || !isSentOut || isAccepted || isAskedAbout,
      `is ${state}, and nobody hears that it was sent out`,
    ],
    [state !== 'PAID' || !isAskedAbout, 'is to be asked about, and its money never went back'],
    [!merchant.askedIn.has(out_trade_no) || askedIn === 'PAID', `is ${askedIn} when the merchant is asked for it`],
    [
      items === undefined ? !reservation : isEnd && reservation?.state === wanted[state],
      `is ${state}, and its goods are ${reservation?.state}`,
    ],
    [state === 'CLOSED' || row !== undefined, `is ${state}, and has no progress`],
    [!row || waitsFor(row, order) === undefined, `still waits for '${row && waitsFor(row, order)}'`],
  ];
  return claims.filter(([holds]) => !holds).map(([, problem]) => `${out_trade_no} ${problem}`);
}

async function ofGoods({ stores, customers, pieces }: Simulated): Promise<string[]> {
  const sold = new Map<string, number>();
  for (const { order } of customers) {
    if ((await stores.orders.find(order.out_trade_no))?.state !== 'PAID') continue;
    for (const { sku, quantity } of order.items ?? []) sold.set(sku, (sold.get(sku) ?? 0) + quantity);
  }
  const problems: string[] = [];
  for (let at = 0; at < skus; at++) {
    const sku = `SKU-${at}`;
    const { available, reserved, sold: counted } = await stores.stock.goods(sku);
    const wanted = sold.get(sku) ?? 0;
    const isRight = reserved === 0 && counted === wanted && available === pieces - wanted && available >= 0;
    if (!isRight)
      problems.push(
        `${sku}: ${available} available, ${reserved} reserved, ${counted} sold of ${pieces}; paid: ${wanted}`,
      );
  }
  return problems;
}
