import { countOpen, findUntold } from '../../../../../lambdas/shared/notices/found-exceptions.ts';
import { at, MemoryExceptions, opened, row } from './notices.ts';

/** More than anybody counts. */
const tooMany = 10_001;

function holding(...rows: ReturnType<typeof opened>[]): MemoryExceptions {
  const exceptions = new MemoryExceptions();
  for (const one of rows) exceptions.add(one);
  return exceptions;
}

const many = Array.from({ length: tooMany }, (_, n) => opened(0, { event_id: `event-0-${n}` }));

describe('what no notice has told of', () => {
  it('is what there is but for what was told, whatever the times say', async () => {
    const exceptions = holding(
      opened(0),
      opened(0, { event_id: 'same-moment' }),
      opened(0, { event_id: 'and-another' }),
    );

    expect(await findUntold(exceptions, row(0, { told: 1, untold: 2 }))).toMatchObject({
      total: 3,
      untold: 2,
      open: 3,
    });
  });

  it('is also what was told and has failed again since', async () => {
    const exceptions = holding(opened(100, { event_id: 'event-0' }));

    expect(await findUntold(exceptions, row(0, { told: 1, untold: 1 }))).toMatchObject({ total: 1, untold: 1 });
  });

  it('is nothing when the stream only says again what was told', async () => {
    expect(await findUntold(holding(opened(0)), row(0, { told: 1, untold: 1 }))).toMatchObject({ untold: 0 });
  });

  it('is also what the index does not know yet', async () => {
    const untold = row(0, { told: 0, untold: 2, last: opened(1) });

    expect(await findUntold(new MemoryExceptions(), untold)).toMatchObject({ total: 2, untold: 2, open: 2 });
    expect(await findUntold(holding(opened(1)), untold)).toMatchObject({ total: 2, untold: 2, open: 2 });
  });

  it('is not what is only on record, or parked', async () => {
    const exceptions = holding(opened(0));
    exceptions.add(opened(1), 'recorded');
    exceptions.add(opened(2), 'discarded');
    exceptions.add(opened(3), 'parked');

    expect(await findUntold(exceptions, row(0, { told: 0 }))).toMatchObject({ total: 2, untold: 2, open: 1 });
  });

  it('has its first and its last as examples', async () => {
    const untold = row(0, { told: 1, untold: 1, first: opened(20), last: opened(20) });

    expect(await findUntold(holding(opened(0), opened(10), opened(20), opened(30)), untold)).toMatchObject({
      first: { event_id: 'event-10', at: at(10).toISOString() },
      last: { event_id: 'event-30' },
    });
  });

  it('is what was noted, where there is more than anybody counts: it does not fall silent', async () => {
    expect(await findUntold(holding(...many), row(0, { told: 10_000, untold: 7 }))).toMatchObject({
      untold: 7,
      isPart: true,
    });
  });
});

describe('what waits for somebody', () => {
  it('is counted whenever it came', async () => {
    const exceptions = holding(opened(-99_999), opened(0));
    exceptions.add(opened(1), 'resolved');

    expect(await countOpen(exceptions, opened(0).fingerprint)).toEqual({ open: 2, isPart: false });
  });

  it('is at least one where there is more than anybody counts', async () => {
    const exceptions = new MemoryExceptions();
    for (const one of many) exceptions.add(one, 'resolved');

    expect(await countOpen(exceptions, opened(0).fingerprint)).toEqual({ open: 1, isPart: true });
  });
});
