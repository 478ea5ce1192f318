import { claimOf } from '../../../../../lambdas/shared/broker/claim.ts';
import { encodeMessage } from '../../../../../lambdas/shared/broker/envelope.ts';
import { PermanentError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { message, now, recordOf } from '../../builders.ts';
import { MemoryClaims } from '../../memory-claims.ts';
import { bodyOf, delivered, loopOnFakes } from './record-loop-on-fakes.ts';

/** A record whose body lies in the bucket. */
function claimed(claims: MemoryClaims, changes: Parameters<typeof message>[0] = {}) {
  const { payload, payloadEncoding, ...rest } = message({ ...bodyOf(7), ...changes });
  const { claim, body } = claimOf({ ...rest, payload, payloadEncoding });
  claims.bodies.set(claim.key, body);
  return recordOf(encodeMessage({ ...rest, claim }), { messageId: 'claimed' });
}

const neverRun = async () => {
  throw new Error('Not implemented');
};

describe('a record whose body lies in S3', () => {
  it('is handled with its body, which is fetched once', async () => {
    const claims = new MemoryClaims();
    const seen: unknown[] = [];
    const { run, outcomes } = loopOnFakes(async ({ body, message: { payload } }) => void seen.push(body, payload), {
      claims,
    });

    expect(await run(claimed(claims))).toEqual([]);

    expect({ seen, outcomes: outcomes() }).toEqual({ seen: [{ n: 7 }, '{"n":7}'], outcomes: ['ack'] });
    expect(claims.fetched).toHaveLength(1);
  });

  it.each([
    ['is gone', (claims: MemoryClaims) => claims.bodies.clear()],
    [
      'is not what was put there',
      (claims: MemoryClaims) => {
        for (const key of claims.bodies.keys()) claims.bodies.set(key, Buffer.from('{"n":8}'));
      },
    ],
  ])('is retried, not handled and not dead-lettered, when its body %s; others go on', async (_, spoil) => {
    const claims = new MemoryClaims();
    const handled: number[] = [];
    const { run, broker, delays, outcomes } = loopOnFakes(async ({ body: { n } }) => void handled.push(n), { claims });
    const record = claimed(claims);
    spoil(claims);

    expect(await run(record, delivered('2'))).toEqual(['claimed']);

    expect({ handled, outcomes: outcomes() }).toEqual({ handled: [1], outcomes: ['retry', 'ack'] });
    expect(delays).toEqual([['claimed', 5]]);
    expect(broker.republished).toEqual([]);
  });

  it.each([
    ['rejected', async () => Promise.reject(new PermanentError('no')), {}],
    ['expired', neverRun, { expiresAt: now.getTime() }],
    ['no JSON', neverRun, { payload: 'paid!' }],
  ])('is dead-lettered with its body when it is %s, fetched once', async (_, handle, changes) => {
    const claims = new MemoryClaims();
    const { run, broker } = loopOnFakes(handle, { claims });

    expect(await run(claimed(claims, changes))).toEqual([]);

    const { payload = '{"n":7}' } = changes as { payload?: string };
    expect(broker.republished).toMatchObject([{ exchange: 'dead', payload, payloadEncoding: 'string' }]);
    expect(claims.fetched).toHaveLength(1);
  });
});
