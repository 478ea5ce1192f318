import * as fc from 'fast-check';
import type { SendOutcome } from '../../../../../lambdas/shared/broker/report.ts';
import type { OutboxRow } from '../../../../../lambdas/shared/outbox/outbox-row.ts';
import { refused, stored, unknown } from '../broker/broker-on-fakes.ts';
import { row } from './memory-outbox.ts';
import { outboxOn } from './outbox-on-fakes.ts';
import { QueuesByEvent } from './queues-by-event.ts';

const aggregates = ['a', 'b', 'c'];

/** What goes on while rows are relayed: the next batch of the stream; one in which the relay dies, and which comes again; a run of the sweep. */
interface Step {
  readonly does: 'stream' | 'crash' | 'sweep';
  readonly batch: number;
  /** Of the batch in which the relay dies. */
  readonly rowsMarkedBefore: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    does: fc.constantFrom('stream', 'crash', 'sweep'),
    batch: fc.integer({ min: 1, max: 4 }),
    rowsMarkedBefore: fc.nat({ max: 3 }),
  }),
  { minLength: 1, maxLength: 20 },
);

/** The aggregates of a transaction's rows, and the order in which the stream brings them: any. */
interface Transaction {
  readonly of: readonly string[];
  readonly arrival: readonly number[];
}

const transaction: fc.Arbitrary<Transaction> = fc
  .array(fc.constantFrom(...aggregates), { minLength: 1, maxLength: 4 })
  .chain((of) =>
    fc.record({ of: fc.constant(of), arrival: fc.shuffledSubarray([...of.keys()], { minLength: of.length }) }),
  );

const outcomes = fc.infiniteStream(fc.constantFrom<SendOutcome>(stored, stored, refused, unknown));

/** Each row is for two queues, `orders` and `audit`, so that one may fail alone. */
function rowsOf(transactions: readonly Transaction[]): { written: OutboxRow[]; streamed: OutboxRow[] } {
  const counts = new Map<string, number>();
  const written: OutboxRow[] = [];
  const streamed: OutboxRow[] = [];
  for (const { of, arrival } of transactions) {
    const last = new Map<string, string>();
    const rows = of.map((aggregate) => {
      const number = (counts.get(aggregate) ?? 0) + 1;
      counts.set(aggregate, number);
      const one = row(`${aggregate}${String(number).padStart(2, '0')}`, {}, last.get(aggregate));
      last.set(aggregate, one.event_id);
      return one;
    });
    written.push(...rows);
    streamed.push(...arrival.flatMap((at) => rows[at] ?? []));
  }
  return { written, streamed };
}

/** Plays the plan under these outcomes; then nothing fails any more, until all is done. */
async function play(transactions: readonly Transaction[], plan: readonly Step[], answers: Iterator<SendOutcome>) {
  const { written, streamed } = rowsOf(transactions);
  const state = { isCalm: false, faults: 0, at: 0 };
  const queues = new QueuesByEvent(() => {
    const answer = state.isCalm ? stored : (answers.next().value ?? stored);
    if (answer.outcome === 'unknown') state.faults++;
    return answer;
  });
  const { stream, sweep, table, holds } = outboxOn(queues, written);
  const relayed = table.relayed.bind(table);

  async function die(batch: readonly OutboxRow[], rowsMarkedBefore: number): Promise<void> {
    let marks = rowsMarkedBefore;
    table.relayed = (key) => (marks-- > 0 ? relayed(key) : Promise.reject(new Error('died')));
    await stream(...batch).catch(() => state.faults++);
    table.relayed = relayed;
  }

  for (const { does, batch, rowsMarkedBefore } of plan) {
    if (does === 'sweep') await sweep();
    else {
      const rows = streamed.slice(state.at, state.at + batch);
      if (does === 'crash') await die(rows, rowsMarkedBefore);
      await stream(...rows);
      state.at += batch;
    }
  }
  state.isCalm = true;
  await stream(...streamed.slice(state.at));
  for (let run = 0; run < 3; run++) await sweep();
  return { written, copies: queues.copies, fates: table.fates(), waiting: holds.waiting(), faults: state.faults };
}

describe('rows of one aggregate, whatever fails', () => {
  it('reach each queue in the order they were written in, every one of them, and none twice without a reason', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(transaction, { minLength: 1, maxLength: 6 }), steps, outcomes, async (...scenario) => {
        const { written, copies, fates, waiting, faults } = await play(...scenario);

        expect(fates).toEqual(written.map(({ event_id }) => `${event_id} relayed`).sort());
        expect(waiting).toEqual({});
        const first = [...new Set(copies)];
        for (const one of ['orders', 'audit'].flatMap((queue) =>
          aggregates.map((aggregate) => `${queue} ${aggregate}`),
        )) {
          const expected = written.map(({ event_id }) => `${one.split(' ')[0]} ${event_id}`);
          expect(first.filter((copy) => copy.startsWith(one))).toEqual(expected.filter((copy) => copy.startsWith(one)));
        }
        // A reply that was lost, or a mark: nothing else sends a copy twice.
        if (faults === 0) expect(copies).toEqual(first);
      }),
      { numRuns: 300 },
    );
  });
});
