import type { ToldRow } from '../../../../../lambdas/shared/books/books.ts';
import { listedException } from '../../../../../lambdas/shared/exceptions/exception-row.ts';
import { recordsKeptMs, type Story, storyOf } from '../../../../../lambdas/shared/story/story.ts';
import type { StoryFacts } from '../../../../../lambdas/shared/story/story-facts.ts';
import { configs } from '../../../../../lib/config.ts';
import { stages } from '../../../../../lib/stages.ts';
import { now } from '../../builders.ts';
import { booksOf, entryOf, items, orderIn, refund, reservationIn, sumsOf } from '../books/some-books.ts';

const at = (minute: number) => new Date(now.getTime() + minute * 60_000).toISOString();
const later = new Date(now.getTime() + 600 * 60_000);

function toldAt(minute: number, told: string, more: Partial<ToldRow> = {}): ToldRow {
  return { event_id: `e-${told}`, told, created_at: at(minute), relayed_at: at(minute), ...more };
}

function facts(changes: Partial<StoryFacts> = {}): StoryFacts {
  const told: readonly ToldRow[] = [];
  return { books: booksOf(orderIn('PAID')), told, saga: undefined, fulfilment: undefined, exceptions: [], ...changes };
}

const tell = (changes: Partial<StoryFacts>): Story => storyOf(facts(changes), later);

const openException = listedException({
  event_id: 'e-9',
  source: "queue 'ledger.entries'",
  place: "queue 'ledger.entries'",
  state: 'open',
  reason: 'rejected',
  error_name: 'PermanentError',
  error_message: 'words of a consumer',
  created_at: at(7),
  last_at: at(9),
  occurrences: 2,
});

describe('the story of an order', () => {
  it('is told in the order in which it happened, whatever book says so', () => {
    const order = {
      ...orderIn('REFUNDED', { items, paid_at: '2026-11-23T10:02:00+08:00', refunded_at: at(30) }),
      created_at: at(0),
    };
    const back = refund('SUCCESS', 8800, {
      out_refund_no: 'OP1',
      requested_at: at(10),
      asked_at: at(11),
      settled_at: at(31),
    });
    const { lines } = tell({
      books: booksOf(order, {
        refunds: [back],
        sums: sumsOf(back),
        entry: { ...entryOf(order), recorded_at: at(33) },
        reservation: { ...reservationIn('RETURNED'), changed_at: at(12) },
      }),
      told: [
        toldAt(0, 'order.created', { relayed_at: at(0.01) }),
        toldAt(3, 'order.paid'),
        toldAt(32, 'order.refunded', { relayed_at: undefined }),
      ],
      saga: { out_trade_no: 'N1', marks: { paid: at(3), 'fulfilment accepted': at(5) } },
      exceptions: [openException],
    });

    expect(lines.map((line) => line.at)).toEqual([...lines.map((line) => line.at)].sort());
    expect(lines.map(({ source, what }) => `${source}: ${what}`)).toEqual([
      'Orders: made, over 8800 fen CNY: 1 of cup, 2 of tea',
      'Outbox: order.created was written to be told; every queue had it 0.6 s later',
      'Orders: paid, as WeChat Pay says, by the payment T1',
      'Outbox: order.paid was written to be told; every queue had it 0.0 s later',
      'Sagas: fulfilment accepted',
      "Exceptions: PermanentError in queue 'ledger.entries' (rejected), 2 times until 2026-11-23T02:09:00.000Z: open",
      'Refunds: refund OP1 over 8800 fen: an operator asked for it',
      'Refunds: WeChat Pay is asked for the refund OP1',
      'Stock: 1 of cup, 2 of tea: RETURNED',
      'Orders: all of its money is back, as WeChat Pay says, by the refund 50',
      'Refunds: refund OP1 is SUCCESS',
      'Outbox: order.refunded was written to be told; not every queue has it yet',
      'Ledger: entry as REFUNDED, version 4, 8800 fen',
    ]);
  });

  it('begins with what has a time that is none, as somebody wrote it', () => {
    const entry = { ...entryOf(orderIn('PAID')), recorded_at: 'yesterday' };

    const { lines } = tell({ books: booksOf(orderIn('PAID'), { entry }) });

    expect(lines.map(({ at, source }) => [at, source])).toEqual([
      ['yesterday', 'Ledger'],
      [now.toISOString(), 'Orders'],
    ]);
  });

  it('says nothing of what people wrote', () => {
    const asked = refund('WITHDRAWN', 800, {
      reason: 'Ms Wang called',
      requested_by: 'Zhao',
      withdrawn: { at: at(9), who: 'Zhao', why: 'Wang' },
    });
    const story = tell({
      books: booksOf(orderIn('PAID'), { refunds: [asked], sums: sumsOf(asked) }),
      exceptions: [openException],
    });

    expect(JSON.stringify(story)).not.toMatch(/Wang|Zhao|words of a consumer/);
  });
});

describe('what an order waits for', () => {
  const done = { isDone: true, lockedUntil: undefined };
  const withGoods = (state: Parameters<typeof reservationIn>[0]) =>
    booksOf(orderIn('PAID', { items }), { reservation: reservationIn(state) });

  it.each<[string, Partial<StoryFacts>, unknown[]]>([
    ['its payment', { books: booksOf(orderIn('PAYING')) }, [expect.stringContaining('its payment')]],
    ['the merchant', {}, [expect.stringContaining('the merchant to take it')]],
    [
      'the merchant, who was asked',
      { fulfilment: { isDone: false, lockedUntil: at(1) } },
      [expect.stringContaining(at(1))],
    ],
    ['its goods', { books: withGoods('RESERVED') }, [expect.stringContaining('its goods')]],
    ['the merchant, with its goods', { books: withGoods('CONFIRMED') }, [expect.stringContaining('the merchant')]],
    ['nothing, when the merchant has it', { fulfilment: done }, []],
    [
      'WeChat Pay, for a part that goes back of what the merchant has',
      {
        fulfilment: done,
        books: booksOf(orderIn('PAID'), { refunds: [refund('ABNORMAL', 800)], sums: sumsOf(refund('ABNORMAL', 800)) }),
      },
      [expect.stringMatching(/WeChat Pay.*800 fen, ABNORMAL/)],
    ],
    [
      'its refund, when there are no goods',
      { saga: { out_trade_no: 'N1', marks: { 'goods unavailable': at(1) } } },
      [expect.stringContaining('its refund')],
    ],
    [
      'a person, when the merchant has it and has refused it too: nothing is sent back by itself',
      { saga: { out_trade_no: 'N1', marks: { 'fulfilment refused': at(1), 'fulfilment accepted': at(2) } } },
      [expect.stringMatching(/^a person: .*both/)],
    ],
    ['nothing, when it is closed', { books: booksOf(orderIn('CLOSED')) }, []],
    [
      'WeChat Pay',
      { books: booksOf(orderIn('REFUNDING')) },
      [expect.stringMatching(/WeChat Pay.*8800 fen, PROCESSING/)],
    ],
    [
      'somebody to ask for a refund',
      { books: booksOf(orderIn('REFUNDING'), { refunds: [refund('CLOSED')], sums: sumsOf(refund('CLOSED')) }) },
      [expect.stringContaining('nobody asks')],
    ],
    ['nothing, when all is back', { books: booksOf(orderIn('REFUNDED')) }, []],
    [
      'the outbox',
      { fulfilment: done, told: [toldAt(1, 'order.paid', { relayed_at: undefined })] },
      [expect.stringContaining('order.paid: the outbox')],
    ],
    ['a person', { fulfilment: done, exceptions: [openException] }, [expect.stringContaining('exception e-9')]],
  ])('is %s', (_, changes, expected) => {
    expect(tell(changes).waitsFor).toEqual(expected);
  });

  it('is not known any more, when its payment is older than records are kept, and than there are sagas', () => {
    const waitsFor = (sinceMs: number, changes: Partial<StoryFacts> = {}) =>
      storyOf(facts(changes), new Date(now.getTime() + sinceMs)).waitsFor;
    const merchant = [expect.stringContaining('the merchant to take it')];

    expect(waitsFor(recordsKeptMs + 1)).toEqual([expect.stringMatching(/^nothing that is known: .* 48 days ago/)]);
    expect(waitsFor(recordsKeptMs)).toEqual(merchant);
    expect(waitsFor(recordsKeptMs + 1, { saga: { out_trade_no: 'N1', marks: { paid: at(0) } } })).toEqual(merchant);
    expect(waitsFor(recordsKeptMs + 1, { fulfilment: { ...done, isDone: false } })).toEqual(merchant);
  });

  it.each(stages)('counts on records for as long as stage %s keeps them', (stage) => {
    const { queues, deadLetters, idempotencySlack } = configs[stage];

    expect(queues.retention.plus(deadLetters.retention).plus(idempotencySlack).toMilliseconds()).toBe(recordsKeptMs);
  });
});

describe('what an operator can do', () => {
  it('is to look at exceptions, and to send money back that is here', () => {
    expect(tell({ exceptions: [openException] }).acts).toEqual([
      'warren exceptions show e-9',
      'warren queues',
      'warren refunds show N1',
      "warren refunds request N1 --reason '…'",
    ]);
    expect(tell({ books: booksOf(orderIn('REFUNDED')) }).acts).toEqual([]);
  });
});

it('an order that is told of, and is none, waits for a person', () => {
  const { waitsFor, state } = tell({ books: booksOf(orderIn('PAID'), { order: undefined }) });

  expect([state, waitsFor]).toEqual([undefined, [expect.stringContaining('a person')]]);
});

describe('books that do not agree', () => {
  const books = booksOf(orderIn('PAID'), { entry: entryOf(orderIn('PAYING')) });

  it('are said so, in the words of both', () => {
    expect(tell({ books }).differences).toEqual([
      'state is PAID in Orders and PAYING in Ledger; version is 2 in Orders and 1 in Ledger',
    ]);
  });

  it('are not while something is on its way', () => {
    expect(storyOf(facts({ books }), new Date(now.getTime() + 1_000)).differences).toEqual([]);
    expect(tell({ books, told: [toldAt(1, 'order.paid', { relayed_at: undefined })] }).differences).toEqual([]);
  });
});
