import { createReport } from '../../../../lambdas/compare-books/report.ts';
import type { Difference } from '../../../../lambdas/shared/books/difference.ts';
import { exceptionRow } from '../../../../lambdas/shared/exceptions/exception-row.ts';
import type { NewException } from '../../../../lambdas/shared/exceptions/exceptions.ts';
import { CountingMeter, now } from '../builders.ts';

const difference: Difference = {
  kind: 'ledger-missing',
  subject: 'N1',
  books: ['Orders', 'Ledger'],
  terms: [{ what: 'amount in fen', one: 8800, other: 0 }],
};

function given(state?: string) {
  const opened: NewException[] = [];
  const time = now.toISOString();
  const row = { event_id: 'e', source: 'compare-books', reason: 'difference', created_at: time, last_at: time, state };
  const report = createReport({
    exceptions: { open: async (exception) => void opened.push(exception) },
    rows: { get: async () => (state === undefined ? undefined : exceptionRow(row)) },
    meter: new CountingMeter(),
  });
  return { report, opened };
}

describe('a difference', () => {
  it.each([undefined, 'open', 'resolved'])('is an exception, when its row is %s', async (state) => {
    const { report, opened } = given(state);

    expect(await report(difference)).toBe(state !== 'open');

    expect(opened).toMatchObject([
      { reason: 'difference', businessKey: 'order:N1', error: { name: 'LedgerEntryMissing' } },
    ]);
  });

  it('that somebody has discarded is left alone', async () => {
    const { report, opened } = given('discarded');

    expect(await report(difference)).toBe(false);

    expect(opened).toEqual([]);
  });
});
