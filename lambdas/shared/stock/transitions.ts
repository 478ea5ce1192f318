import { statesAhead, type Transitions, TransitionsRefusedError } from '../orders/check-transitions.ts';
import { type ReservationState, reservationStates } from './reservation.ts';

/** Of an order that nothing has happened to the goods of: there is no row. */
export const noReservation = 'NONE';

type State = ReservationState | typeof noReservation;

/**
 * What moves the goods of an order (try, confirm, cancel, give back), and where it takes them from each state it may find them in. What is not here changes
 * nothing: it is a repeat, or something later has happened. The events of an order come in any order, so each knows what to do with no row too.
 */
export const stockTransitions = {
  'order.created': { NONE: 'RESERVED' },
  'order.paid': { NONE: 'CONFIRMED', RESERVED: 'CONFIRMED', LACKING: 'CONFIRMED', CANCELLED: 'CONFIRMED' },
  'order.closed': { NONE: 'CANCELLED', RESERVED: 'CANCELLED', LACKING: 'CANCELLED' },
  'stock.expired': { RESERVED: 'CANCELLED' },
  'order.refunding': {
    NONE: 'RETURNED',
    RESERVED: 'RETURNED',
    LACKING: 'RETURNED',
    CANCELLED: 'RETURNED',
    CONFIRMED: 'RETURNED',
    UNAVAILABLE: 'RETURNED',
  },
} as const satisfies Transitions<State>;

/** Where they end that should be taken, and there are too few. */
export const whenShort: Readonly<Partial<Record<ReservationState, ReservationState>>> = {
  RESERVED: 'LACKING',
  CONFIRMED: 'UNAVAILABLE',
};

export type StockTrigger = keyof typeof stockTransitions;

/** Where this takes the goods of an order. `undefined`: it changes nothing. */
export function nextState(from: ReservationState | undefined, trigger: StockTrigger): ReservationState | undefined {
  const moves: Readonly<Partial<Record<State, ReservationState>>> = stockTransitions[trigger];
  return moves[from ?? noReservation];
}

/** Every move, those where there are too few included. */
export const allStockMoves: Transitions = Object.fromEntries(
  Object.entries<Readonly<Partial<Record<State, ReservationState>>>>(stockTransitions).flatMap(([trigger, moves]) => {
    const short = Object.entries(moves).flatMap(([from, to]) => {
      const less = whenShort[to];
      return less === undefined || from === 'RESERVED' ? [] : [[from, less] as const];
    });
    return [
      [trigger, moves],
      ...(short.length > 0 ? [[`${trigger}, too few`, Object.fromEntries(short)] as const] : []),
    ];
  }),
);

/** Throws a `TransitionsRefusedError` when a state cannot be reached, or can come back: what is past must stay past. */
export function checkNoWayBack(table: Transitions, initial: string, states: readonly string[]): void {
  const reachable = statesAhead(table, initial);
  const problems = [
    ...states.filter((state) => !reachable.has(state)).map((state) => `nothing leads to ${state}`),
    ...states.filter((state) => statesAhead(table, state).has(state)).map((state) => `${state} can come back`),
  ];
  if (problems.length > 0) throw new TransitionsRefusedError(problems);
}

checkNoWayBack(allStockMoves, noReservation, reservationStates);
