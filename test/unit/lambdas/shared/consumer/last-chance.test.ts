import { claimOf } from '../../../../../lambdas/shared/broker/claim.ts';
import { encodeMessage } from '../../../../../lambdas/shared/broker/envelope.ts';
import { RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { message, now, recordOf } from '../../builders.ts';
import { bodyOf, delivered, loopOnFakes, MemoryFailures } from './record-loop-on-fakes.ts';

const day = 86_400;
const keepAfterSeconds = 3 * day;

/** A record that was sent so many seconds ago. */
function aged(id: string, seconds: number, record = delivered(id, bodyOf(1))) {
  const SentTimestamp = String(now.getTime() - seconds * 1000);
  return { ...record, attributes: { ...record.attributes, SentTimestamp } };
}

const failing = (delaySeconds: number) => async () => {
  throw new RetryableError('later', { delaySeconds });
};

describe('a message that is to be retried', () => {
  it('is kept as an exception, with what its consumer had against it, when it would come back too late', async () => {
    const failures = new MemoryFailures();
    const { run, exceptions, delays, outcomes } = loopOnFakes(failing(60), { keepAfterSeconds, failures });

    expect(await run(aged('a', keepAfterSeconds - 59))).toEqual([]);

    expect(exceptions.opened).toMatchObject([
      { eventId: 'event-a', reason: 'retention', state: 'open', body: '{"n":1}', error: { message: 'later' } },
    ]);
    expect([delays, outcomes(), failures.counts.size]).toEqual([[], ['retention'], 0]);
  });

  it('goes back while there is time, or when its queue may let it go', async () => {
    const inTime = loopOnFakes(failing(60), { keepAfterSeconds });
    const meantToGo = loopOnFakes(failing(60));

    expect(await inTime.run(aged('a', keepAfterSeconds - 60))).toEqual(['a']);
    expect(await meantToGo.run(aged('a', 13 * day))).toEqual(['a']);

    expect([inTime.exceptions.opened, meantToGo.exceptions.opened]).toEqual([[], []]);
  });

  it('goes back when it cannot be kept', async () => {
    const { run, exceptions, delays } = loopOnFakes(failing(60), { keepAfterSeconds });
    exceptions.broken = new Error('the table refuses');

    expect(await run(aged('a', keepAfterSeconds))).toEqual(['a']);
    expect(delays).toEqual([['a', 60]]);
  });

  it('goes back when it is older than SQS keeps anything: somebody wrote it by hand, to try the function', async () => {
    const { run, exceptions } = loopOnFakes(failing(60), { keepAfterSeconds });

    expect(await run(aged('a', 14 * day + 1), delivered('b', bodyOf(2)))).toEqual(['a', 'b']);
    expect(exceptions.opened).toEqual([]);
  });

  it('is kept too when its body cannot be fetched', async () => {
    const claims = { fetch: () => Promise.reject(new Error('S3')) };
    const { run, exceptions } = loopOnFakes(failing(60), { keepAfterSeconds, claims });
    const { payload: _, payloadEncoding: __, ...rest } = message();
    const { claim } = claimOf(message());

    expect(await run(aged('a', keepAfterSeconds, recordOf(encodeMessage({ ...rest, claim }))))).toEqual([]);

    expect(exceptions.opened).toMatchObject([
      { reason: 'retention', error: { message: 'S3' }, envelope: expect.stringContaining(claim.key) },
    ]);
  });
});
