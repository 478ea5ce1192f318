import { movesOf } from '../../../../../lambdas/shared/orders/check-transitions.ts';
import { type SagaStep, sagaSteps } from '../../../../../lambdas/shared/saga/saga-steps.ts';
import { allStockMoves } from '../../../../../lambdas/shared/stock/transitions.ts';
import { disagreements } from '../../../../support/saga-simulation/disagreements.ts';
import { type Simulated, simulate } from '../../../../support/saga-simulation/simulate.ts';

const orders = Number(process.env['ORDERS'] ?? 5_000);
const seed = Number(process.env['SEED'] ?? 7);

describe(`${orders} orders, with failures at every step`, () => {
  let simulated: Simulated;
  beforeAll(async () => {
    simulated = await simulate({ orders, seed });
  }, 120_000);

  it('end with money, goods and ledger in agreement, to the fen and to the piece, and no saga open', async () => {
    expect(await disagreements(simulated)).toEqual([]);
  });

  it('have gone every way that the goods of an order can go', () => {
    const gone = new Set(simulated.stores.stock.moves.map(([from, to]) => `${from} to ${to}`));
    const all = new Set(movesOf(allStockMoves).map(({ from, to }) => `${from} to ${to}`));

    expect([...gone].sort()).toEqual([...all].sort());
  });

  it('have gone through each step of the table of the saga, and through no other', () => {
    const steps: readonly SagaStep[] = sagaSteps;
    const told = steps.flatMap(({ by, on }) => on.map((event) => `${by}: ${event}`));
    const seen = [...simulated.broker.seen].filter((one) => !one.startsWith('ledger'));
    const isKnown = (one: string): boolean => {
      const [, by = '', on = '', tells = ''] = /^(\S+): (\S+) -> (\S+)$/.exec(one) ?? [];
      return steps.some((step) => step.by === by && step.on.includes(on) && step.tells.includes(tells));
    };

    expect(told.filter((one) => !seen.includes(one))).toEqual([]);
    expect(seen.filter((one) => one.includes('->') && !isKnown(one))).toEqual([]);
    for (const { by, tells } of steps) {
      for (const event of tells) {
        expect([
          `${by} ${event}`,
          seen.some((one) => one.startsWith(`${by}: `) && one.endsWith(`-> ${event}`)),
        ]).toEqual([`${by} ${event}`, true]);
      }
    }
  });
});
