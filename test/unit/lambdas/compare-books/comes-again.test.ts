import { createComesAgain } from '../../../../lambdas/compare-books/comes-again.ts';
import { exceptionStates, listedException } from '../../../../lambdas/shared/exceptions/exception-row.ts';
import { now } from '../builders.ts';

const time = now.toISOString();

describe('a message that was taken out of its queue', () => {
  it('comes again when it is parked or replayed, and in no other state', async () => {
    const comesAgain = createComesAgain({
      async *find(query) {
        const row = { source: 's', reason: 'rejected', created_at: time, last_at: time };
        if (!('eventId' in query)) throw new Error('Not implemented');
        // In another queue it is done with.
        yield listedException({ ...row, event_id: query.eventId, state: 'resolved' });
        yield listedException({ ...row, event_id: query.eventId, state: query.eventId });
      },
    });
    const coming = await Promise.all(exceptionStates.map(comesAgain));

    expect(exceptionStates.filter((_, at) => coming[at]).toSorted()).toEqual(['parked', 'replaying']);
  });
});
