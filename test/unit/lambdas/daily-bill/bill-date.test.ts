import { BillDateError, billDateOf } from '../../../../lambdas/daily-bill/bill-date.ts';
import { errorOf } from '../builders.ts';

const halfPastTen = new Date('2026-11-27T02:30:00Z');

describe('the day whose bill is compared', () => {
  it('is yesterday in Beijing', () => {
    expect(billDateOf({}, halfPastTen)).toBe('2026-11-26');
    expect(billDateOf({}, new Date('2026-11-26T15:59:59Z'))).toBe('2026-11-25');
    expect(billDateOf({}, new Date('2026-11-26T16:00:00Z'))).toBe('2026-11-26');
    expect(billDateOf({}, new Date('2027-01-01T02:30:00Z'))).toBe('2026-12-31');
  });

  it('is the one that is asked for', () => {
    expect(billDateOf({ bill_date: '2026-11-26' }, halfPastTen)).toBe('2026-11-26');
    expect(billDateOf({ bill_date: '2026-08-31' }, halfPastTen)).toBe('2026-08-31');
  });

  it.each([
    ['2026-11-27', 'is not over in Beijing'],
    ['2027-01-01', 'is not over in Beijing'],
    ['2026-08-30', 'is too long ago: WeChat Pay keeps bills for three months, ask for 2026-08-31 or later'],
    ['2026-02-30', 'must be a day'],
    ['2026-11-31', 'must be a day'],
    ['20261126', 'must be a day'],
    ['yesterday', 'must be a day'],
    ['', 'must be a day'],
  ])('is not %s', (bill_date, problem) => {
    const refused = errorOf(() => billDateOf({ bill_date }, halfPastTen));

    expect(refused).toBeInstanceOf(BillDateError);
    expect(String(refused)).toContain(problem);
  });
});
