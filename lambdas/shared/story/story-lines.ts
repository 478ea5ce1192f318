import type { OrderBooks, ToldRow } from '../books/books.ts';
import { textOf } from '../books/compare-stock.ts';
import type { ListedException } from '../exceptions/exception-row.ts';
import type { RefundRow } from '../refunds/refund-row.ts';
import type { SagaMark, SagaRow } from '../saga/saga-row.ts';
import type { StoryFacts } from './story-facts.ts';

/** One thing that is written of an order. */
export interface StoryLine {
  /** ISO 8601, in UTC; of a row that somebody has written, what stands there. */
  readonly at: string;
  /** The table that says so. */
  readonly source: string;
  readonly what: string;
  /** Of what can be read on its own: the event id of an exception, the number of a refund. */
  readonly ref?: string | undefined;
}

/** What is written, in the order in which it happened; nothing of it is about a person. */
export function linesOf({ books, told, saga, exceptions }: StoryFacts): StoryLine[] {
  const lines = [
    ...ofOrder(books),
    ...told.map(ofTold),
    ...ofLedger(books),
    ...books.refunds.flatMap(ofRefund),
    ...ofReservation(books),
    ...ofSaga(saga),
    ...exceptions.flatMap(ofException),
  ];
  const timed = lines.map((line) => ({ ...line, at: isTime(line.at) ? new Date(line.at).toISOString() : line.at }));
  // What stands in one millisecond stays in the order of the books.
  return timed.sort((one, other) => millisecondsOf(one) - millisecondsOf(other));
}

const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text));

/** What somebody has written instead of a time stands in front. */
function millisecondsOf({ at }: StoryLine): number {
  return isTime(at) ? Date.parse(at) : 0;
}

/** Lines whose time is known. */
function known(lines: readonly (Omit<StoryLine, 'at'> & { readonly at: string | undefined })[]): StoryLine[] {
  return lines.flatMap(({ at, ...line }) => (at === undefined ? [] : [{ at, ...line }]));
}

function ofOrder({ order }: OrderBooks): StoryLine[] {
  if (!order) return [];
  const source = 'Orders';
  const { amount_total, currency, items, transaction_id, refund_id } = order;
  return known([
    {
      at: order.created_at,
      source,
      what: `made, over ${amount_total} fen ${currency}${items ? `: ${textOf(items)}` : ''}`,
    },
    { at: order.paid_at, source, what: `paid, as WeChat Pay says, by the payment ${transaction_id}` },
    { at: order.closed_at, source, what: 'closed: it was not paid in time' },
    { at: order.refunded_at, source, what: `all of its money is back, as WeChat Pay says, by the refund ${refund_id}` },
  ]);
}

function ofTold({ told, created_at, relayed_at, exception_at, event_id }: ToldRow): StoryLine {
  return { at: created_at, source: 'Outbox', what: `${told} was written to be told; ${became()}`, ref: event_id };

  function became(): string {
    if (relayed_at !== undefined) return `every queue had it ${seconds(created_at, relayed_at)} later`;
    return exception_at === undefined ? 'not every queue has it yet' : `given up at ${exception_at}, an exception`;
  }
}

function seconds(from: string, to: string): string {
  return `${((Date.parse(to) - Date.parse(from)) / 1_000).toFixed(1)} s`;
}

function ofLedger({ entry }: OrderBooks): StoryLine[] {
  if (!entry) return [];
  const what = `entry as ${entry.state}, version ${entry.version}, ${entry.amount.total} fen`;
  // An entry that was written by hand may have no time of its own.
  return [{ at: entry.recorded_at ?? entry.changed_at, source: 'Ledger', what }];
}

function ofRefund(row: RefundRow): StoryLine[] {
  const { out_refund_no, refund, requested_by, reason, state, withdrawn } = row;
  const asked = requested_by === undefined ? reason : 'an operator asked for it';
  const of = (at: string | undefined, what: string) => ({ at, source: 'Refunds', what, ref: out_refund_no });
  return known([
    of(row.requested_at, `refund ${out_refund_no} over ${refund} fen: ${asked}`),
    of(row.asked_at, `WeChat Pay is asked for the refund ${out_refund_no}`),
    of(withdrawn?.at, `refund ${out_refund_no} withdrawn by an operator`),
    of(row.settled_at, `refund ${out_refund_no} is ${state}`),
  ]);
}

function ofReservation({ reservation }: OrderBooks): StoryLine[] {
  if (!reservation) return [];
  const { state, items, changed_at } = reservation;
  return [{ at: changed_at, source: 'Stock', what: `${textOf(items)}: ${state}` }];
}

/** What no other book tells. */
const ownMarks: readonly SagaMark[] = [
  'goods confirmed',
  'goods unavailable',
  'fulfilment accepted',
  'fulfilment refused',
];

function ofSaga(saga: SagaRow | undefined): StoryLine[] {
  return known(ownMarks.map((mark) => ({ at: saga?.marks[mark], source: 'Sagas', what: mark })));
}

/** Without its words, which are the consumer's: `warren exceptions show` has them. */
function ofException({
  event_id,
  place,
  state,
  reason,
  error_name,
  occurrences,
  created_at,
  last_at,
}: ListedException): StoryLine[] {
  const times = occurrences > 1 ? `, ${occurrences} times until ${last_at}` : '';
  const what = `${error_name} in ${place} (${reason})${times}: ${state}`;
  return [{ at: created_at, source: 'Exceptions', what, ref: event_id }];
}
