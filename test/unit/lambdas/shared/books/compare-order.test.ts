import {
  type Books,
  type OrderBooks,
  type ToldRow,
  UnreadableRowError,
} from '../../../../../lambdas/shared/books/books.ts';
import { compareOrder } from '../../../../../lambdas/shared/books/compare-order.ts';
import { now } from '../../builders.ts';
import { booksOf, entryOf, orderIn, refund, sumsOf } from './some-books.ts';

const paid = orderIn('PAID');
const behind = booksOf(paid, { entry: entryOf(orderIn('PAYING')) });
const time = now.toISOString();

/** Books that say something else at each look. */
function compare(looks: readonly (OrderBooks | Error)[], told: readonly ToldRow[] | Error = [], minutesLater = 61) {
  const left = [...looks];
  const books: Books = {
    async of() {
      const next = left.length > 1 ? left.shift() : left[0];
      if (next instanceof Error || !next) throw next ?? new Error('Not implemented');
      return next;
    },
    async toldOf() {
      if (told instanceof Error) throw told;
      return told;
    },
  };
  const later = () => new Date(now.getTime() + minutesLater * 60_000);
  const comesAgain = async (event_id: string) => event_id === 'parked';
  return compareOrder('N1', { books, settleMs: 60 * 60_000, now: later, comesAgain });
}

const toldAt = (created_at: string, more: Partial<ToldRow> = {}): ToldRow => ({
  event_id: 'e',
  told: 'order.paid',
  created_at,
  ...more,
});

describe('an order whose books do not agree', () => {
  it('has a difference when nothing has moved for long', async () => {
    expect(await compare([behind])).toMatchObject({ outcome: 'compared', differences: [{ kind: 'ledger-behind' }] });
  });

  it('has none when they do at a second look', async () => {
    expect(await compare([behind, booksOf(paid)])).toEqual({ outcome: 'compared', differences: [] });
  });

  it('has none that was another one at the first look', async () => {
    const other = booksOf(paid, { entry: undefined });

    expect(await compare([behind, other])).toEqual({ outcome: 'compared', differences: [] });
  });

  it.each<[string, OrderBooks, readonly ToldRow[]]>([
    ['its entry was written', behind, []],
    ['it was made', booksOf(paid, { order: { ...paid, created_at: time }, entry: undefined }), []],
    [
      'it became REFUNDING',
      booksOf(orderIn('REFUNDING', { changed_at: time }), {
        entry: undefined,
        refunds: [refund('CLOSED', 8800, { requested_at: '2026-11-01T00:00:00Z' })],
        sums: sumsOf(refund('CLOSED')),
      }),
      [],
    ],
    ['something was told of it', booksOf(paid, { entry: undefined }), [toldAt(time, { relayed_at: time })]],
    [
      'a refund of it was settled',
      booksOf(paid, {
        entry: undefined,
        refunds: [refund('SUCCESS', 800, { requested_at: '2026-11-01T00:00:00Z', settled_at: time })],
        sums: sumsOf(refund('SUCCESS', 800)),
      }),
      [],
    ],
  ])('has none for now when %s a moment ago', async (_, books, told) => {
    expect(await compare([books], told, 59)).toEqual({ outcome: 'moving' });
    expect(await compare([books], told, 61)).toMatchObject({ outcome: 'compared', differences: [expect.anything()] });
  });

  it('has one though WeChat Pay was asked for a refund of it a moment ago: it may refuse that for ever', async () => {
    const asked = refund('REQUESTED', 800, { requested_at: '2026-11-01T00:00:00Z', asked_at: time });
    const books = booksOf(paid, { entry: undefined, refunds: [asked], sums: sumsOf(asked) });

    expect(await compare([books], [], 59)).toMatchObject({ outcome: 'compared', differences: [expect.anything()] });
  });

  it('has none for now while what was told of it is not delivered, however long ago that was', async () => {
    expect(await compare([behind], [toldAt('2026-11-01T00:00:00.000Z')])).toEqual({ outcome: 'moving' });
  });

  it('has none for now while a message of it is parked, or on its way once more', async () => {
    const told = [toldAt(time, { relayed_at: time }), toldAt(time, { event_id: 'parked', relayed_at: time })];

    expect(await compare([behind], told)).toEqual({ outcome: 'moving' });
    expect(await compare([behind], told.slice(0, 1))).toMatchObject({ differences: [expect.anything()] });
  });

  it('has one though somebody has written a time into its row that is none: by it nothing moves', async () => {
    const books = { ...behind, entry: { ...entryOf(orderIn('PAYING')), recorded_at: 'yesterday' } };

    expect(await compare([books])).toMatchObject({ outcome: 'compared', differences: [{ kind: 'ledger-behind' }] });
  });

  it('has one when that was given up', async () => {
    const told = [toldAt('2026-11-01T00:00:00.000Z', { exception_at: '2026-11-01T00:15:00.000Z' })];

    expect(await compare([behind], told)).toMatchObject({ outcome: 'compared', differences: [expect.anything()] });
  });

  it('has one when a row cannot be read', async () => {
    expect(await compare([new UnreadableRowError('Orders', 'N1', 'state')])).toMatchObject({
      differences: [{ kind: 'unreadable', terms: [{ what: 'N1', one: 'state' }] }],
    });
  });

  it('has that one when what was told of it cannot be read: whether it moves is unknown', async () => {
    expect(await compare([behind], new UnreadableRowError('Outbox', 'N1', 'its message'))).toMatchObject({
      outcome: 'compared',
      differences: [{ kind: 'unreadable', books: ['Outbox', 'the others'], terms: [{ one: 'its message' }] }],
    });
  });

  it('is an error when a book cannot be reached', async () => {
    await expect(compare([new Error('throttled')])).rejects.toThrow('throttled');
  });
});

describe('an order that no book knows', () => {
  it('is unknown, and no difference', async () => {
    expect(await compare([{ ...booksOf(paid), order: undefined, entry: undefined }])).toEqual({ outcome: 'unknown' });
  });
});
