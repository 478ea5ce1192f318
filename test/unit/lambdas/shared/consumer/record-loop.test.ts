import type { Delivery } from '../../../../../lambdas/shared/consumer/consumer.ts';
import { PermanentError, RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import type { Dialect } from '../../../../../rabbitmq/dialect.ts';
import { queue } from '../../../rabbitmq/topology-builders.ts';
import { FakeBroker, refusedBy, stored, unknownIn, unroutable } from '../../fake-broker.ts';
import { type Body, bodyOf, delivered, loopOnFakes, MemoryFailures, orders } from './record-loop-on-fakes.ts';

const succeed = async () => {};
const failWith = (error: Error) => async () => {
  throw error;
};

describe('a record whose work succeeds', () => {
  it('is acked: neither reported, nor delayed, nor dead-lettered', async () => {
    const bodies: unknown[] = [];
    const { run, broker, delays, outcomes, keys, invocations } = loopOnFakes(async ({ body, message }) => {
      bodies.push([body, message.properties.message_id]);
    });

    expect(await run(delivered('1', bodyOf(7)))).toEqual([]);

    expect(bodies).toEqual([[{ n: 7 }, 'event-1']]);
    expect(keys).toEqual([{ businessKey: 'key-7', comparable: [7] }]);
    expect(outcomes()).toEqual(['ack']);
    expect({ delays, republished: broker.republished }).toEqual({ delays: [], republished: [] });
    expect(invocations).toEqual(['request-1']);
  });

  it('may have been sent by hand, without an envelope', async () => {
    const { run, outcomes } = loopOnFakes(succeed);

    expect(await run({ ...delivered('1'), messageAttributes: {} })).toEqual([]);
    expect(outcomes()).toEqual(['ack']);
  });
});

describe('a repeat of a record whose work is done', () => {
  it('is acked, and counted as the duplicate it is', async () => {
    const { run, outcomes } = loopOnFakes(succeed);

    expect(await run(delivered('1', bodyOf(7)), delivered('2', bodyOf(7)), delivered('3', bodyOf(8)))).toEqual([]);
    expect(outcomes()).toEqual(['ack', 'duplicate', 'ack']);
  });

  it('is no duplicate as long as the work failed', async () => {
    let tries = 0;
    const { run, outcomes } = loopOnFakes(async () => {
      tries += 1;
      if (tries === 1) throw new Error('broken');
    });

    await run(delivered('1', bodyOf(7)), delivered('1', bodyOf(7)));

    expect(outcomes()).toEqual(['retry', 'ack']);
  });
});

describe('a batch', () => {
  it('reports exactly the records that failed, and does the others', async () => {
    const done: number[] = [];
    const { run, outcomes } = loopOnFakes(async ({ body: { n } }) => {
      if (n % 2 === 0) throw new Error('even');
      done.push(n);
    });

    const failed = await run(...[1, 2, 3, 4, 5].map((n) => delivered(`sqs-${n}`, bodyOf(n))));

    expect(failed).toEqual(['sqs-2', 'sqs-4']);
    expect(done).toEqual([1, 3, 5]);
    expect(outcomes()).toEqual(['ack', 'retry', 'ack', 'retry', 'ack']);
  });

  it('in which every record failed is still an answer, not an error', async () => {
    const { run } = loopOnFakes(failWith(new Error('all')));

    expect(await run(delivered('a'), delivered('b'))).toEqual(['a', 'b']);
  });

  it('is done one record after the other', async () => {
    let inside = 0;
    let most = 0;
    const { run } = loopOnFakes(async () => {
      inside++;
      most = Math.max(most, inside);
      await Promise.resolve();
      inside--;
    });

    await run(delivered('a'), delivered('b'), delivered('c'));

    expect(most).toBe(1);
  });

  it('begins no record in the last fifth of the function’s time: it comes back, the others are done', async () => {
    let left = 10_000;
    const done: number[] = [];
    const work = async ({ body: { n } }: Delivery<Body>) => {
      done.push(n);
      left -= 4_500;
    };
    const { run, outcomes, delays } = loopOnFakes(work, { leftMs: () => left });

    const failed = await run(...[1, 2, 3].map((n) => delivered(`sqs-${n}`, bodyOf(n))));

    expect({ done, failed }).toEqual({ done: [1, 2], failed: ['sqs-3'] });
    expect(outcomes()).toEqual(['ack', 'ack', 'postponed']);
    expect(delays).toEqual([['sqs-3', 0]]);
  });

  it('is handed back by a later deadline than that of the work, which the one before it may have used up', async () => {
    const ofWork: (AbortSignal | undefined)[] = [];
    let left = 10_000;
    const { run, deadlines } = loopOnFakes(
      async ({ deadline }) => {
        ofWork.push(deadline);
        left = 0;
      },
      { leftMs: () => left },
    );

    await run(...[1, 2].map((n) => delivered(`sqs-${n}`, bodyOf(n))));

    expect(deadlines).toEqual([expect.any(AbortSignal)]);
    expect(deadlines[0]).not.toBe(ofWork[0]);
  });

  it('is told when the function’s time ends, by a signal that comes before that', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const { run } = loopOnFakes(async ({ deadline }) => void signals.push(deadline));

    await run(delivered('1'));

    expect(signals).toEqual([expect.any(AbortSignal)]);
  });

  it('is given its retry delay by a later deadline than that of its work, which it may have used up', async () => {
    const ofWork: (AbortSignal | undefined)[] = [];
    const { run, deadlines } = loopOnFakes(async ({ deadline }) => {
      ofWork.push(deadline);
      throw new Error('any');
    });

    await run(delivered('1'));

    expect(deadlines).toEqual([expect.any(AbortSignal)]);
    expect(deadlines[0]).not.toBe(ofWork[0]);
  });

  it('does not pass its failures on to the next one', async () => {
    let broken = true;
    const { run } = loopOnFakes(async () => {
      if (broken) throw new Error('once');
    });
    await run(delivered('a'));
    broken = false;

    expect(await run(delivered('b'))).toEqual([]);
  });
});

describe('a record that is to be retried', () => {
  it.each([
    [1, 5],
    [2, 10],
    [11, 55],
    [12, 60],
    [100, 60],
  ])('after failure %i waits min × failures, at most the maximum: %i s (rule 4.8.9)', async (failed, seconds) => {
    const { run, delays, broker, failures } = loopOnFakes(failWith(new Error('any')));
    failures.counts.set('event-1', failed - 1);

    expect(await run(delivered('1', {}, 100))).toEqual(['1']);

    expect(delays).toEqual([['1', seconds]]);
    expect(broker.republished).toEqual([]);
  });

  it.each([
    [0, 0],
    [30, 30],
    [3600, 3600],
    [86_400, 43_200],
  ])(
    'waits what a RetryableError asks for, within the twelve hours of SQS: %i s is %i s',
    async (delaySeconds, seconds) => {
      const { run, delays } = loopOnFakes(failWith(new RetryableError('later', { delaySeconds })));

      expect(await run(delivered('1', {}, 9))).toEqual(['1']);

      expect(delays).toEqual([['1', seconds]]);
    },
  );

  it.each([
    [1, 1, 5],
    [1, 30, 30],
    [10, 30, 50],
    [1, 86_400, 43_200],
  ])(
    'after failure %i waits at least what a RetryableError asks for, and its own delay if that is longer: %i s is %i s',
    async (failed, atLeastSeconds, seconds) => {
      const { run, delays, failures } = loopOnFakes(failWith(new RetryableError('busy', { atLeastSeconds })));
      failures.counts.set('event-1', failed - 1);

      await run(delivered('1'));

      expect(delays).toEqual([['1', seconds]]);
    },
  );

  it('waits the consumer’s own delay when a RetryableError asks for none', async () => {
    const { run, delays } = loopOnFakes(failWith(new RetryableError('later')));

    await run(delivered('1', {}, 2));

    expect(delays).toEqual([['1', 5]]);
  });

  it('waits by its receives when nothing of it has failed, or failures cannot be counted', async () => {
    const uncounted = loopOnFakes(failWith(new Error('any')));
    uncounted.failures.broken = new Error('no table');
    const unfetched = loopOnFakes(succeed, { broker: new FakeBroker(new Error('no network')) });

    expect(await uncounted.run(delivered('1', {}, 3))).toEqual(['1']);
    expect(await unfetched.run(delivered('1', { payload: '{' }, 2))).toEqual(['1']);

    expect([uncounted.delays, unfetched.delays]).toEqual([[['1', 15]], [['1', 10]]]);
    expect(unfetched.failures.counts.size).toBe(0);
  });

  it('takes a step of a schedule for a failure of its own, and for nothing else', async () => {
    const failing = failWith(new Error('any'));
    const retrySeconds = { min: 5, max: 60, schedule: [1000, 2000, 3000] };
    const counted = loopOnFakes(failing, { retrySeconds });
    const uncounted = loopOnFakes(failing, { retrySeconds });
    uncounted.failures.broken = new Error('no table');
    const unread = loopOnFakes(succeed, { retrySeconds });
    unread.failures.count = () => Promise.reject(new Error('throttled'));
    const unburied = loopOnFakes(failing, {
      retrySeconds,
      deliveryLimit: 0,
      broker: new FakeBroker(unknownIn('dead')),
    });

    for (const { run } of [counted, uncounted, unread, unburied]) await run(delivered('1', bodyOf(1), 3));
    await counted.run(delivered('1', bodyOf(1), 4));

    expect(counted.delays).toEqual([
      ['1', 1000],
      ['1', 2000],
    ]);
    expect([uncounted, unread, unburied].map(({ delays }) => delays)).toEqual([[['1', 15]], [['1', 15]], [['1', 5]]]);
  });
});

describe('a record that fails again and again', () => {
  const failing = failWith(new Error('broken'));

  it('is dead-lettered as delivery_limit after one failure more than the limit, and may start anew (rule 4.8.6)', async () => {
    const { run, broker, outcomes, failures } = loopOnFakes(failing, { deliveryLimit: 2 });

    for (let at = 1; at <= 3; at++) expect(await run(delivered('1', {}, at))).toEqual(at <= 2 ? ['1'] : []);

    expect(outcomes()).toEqual(['retry', 'retry', 'delivery_limit']);
    expect(broker.republished).toMatchObject([
      { exchange: 'dead', headers: { 'x-death': [{ reason: 'delivery_limit', queue: 'orders', count: 1 }] } },
    ]);
    expect(failures.counts.size).toBe(0);
  });

  it('is an exception where its queue has no dead-letter exchange', async () => {
    const { run, exceptions } = loopOnFakes(failing, { deliveryLimit: 0, source: queue('orders') });

    expect(await run(delivered('1'))).toEqual([]);

    expect(exceptions.opened).toMatchObject([
      { reason: 'delivery_limit', error: { message: 'broken' }, state: 'open' },
    ]);
  });

  it('is not dead for receives that were none of its fault', async () => {
    let left = 10_000;
    const tooSlow = async () => {
      left = 1_000;
    };
    const { run, failures, delays } = loopOnFakes(tooSlow, { deliveryLimit: 0, leftMs: () => left, locked: ['key-3'] });

    expect(await run(delivered('locked', bodyOf(3), 7), delivered('1'), delivered('late', bodyOf(2), 7))).toEqual([
      'locked',
      'late',
    ]);
    expect(delays).toEqual([
      ['locked', 3],
      ['late', 0],
    ]);

    expect(failures.counts.size).toBe(0);
  });

  it('stays when its letter is not stored, and is tried again', async () => {
    const { run, outcomes, failures } = loopOnFakes(failing, {
      deliveryLimit: 0,
      broker: new FakeBroker(unknownIn('dead')),
    });

    expect(await run(delivered('1'))).toEqual(['1']);

    expect(outcomes()).toEqual(['retry']);
    expect(failures.counts.get('event-1')).toBe(1);
  });

  it('counts by event id, and its neighbours not with it', async () => {
    const { run, failures } = loopOnFakes(failing);

    await run(delivered('1'), delivered('2'), delivered('1', {}, 2));

    expect([...failures.counts]).toEqual([
      ['event-1', 2],
      ['event-2', 1],
    ]);
  });
});

describe('a record that is rejected after it has failed', () => {
  it('starts anew when it is published again under its event id', async () => {
    const failures = new MemoryFailures();
    failures.counts.set('event-1', 7);
    const { run } = loopOnFakes(failWith(new PermanentError('never')), { failures });

    expect(await run(delivered('1', bodyOf(1)))).toEqual([]);

    expect([...failures.counts]).toEqual([]);
  });
});

describe('a record that is sent again for an exception', () => {
  const replayed = (id: string) => ({ ...bodyOf(1), headers: { 'x-replay': { row: 'row', id } } });

  it('starts anew with each replay, whatever took it out of its queue before', async () => {
    const failures = new MemoryFailures();
    failures.counts.set('event-1', 7);
    const { run, delays, outcomes } = loopOnFakes(failWith(new Error('broken')), { failures, deliveryLimit: 2 });

    for (const id of ['one', 'one', 'another']) await run(delivered('1', replayed(id), 9));

    expect(delays).toEqual([
      ['1', 5],
      ['1', 10],
      ['1', 5],
    ]);
    await run(delivered('1', replayed('one'), 9));
    expect(outcomes()).toEqual(['retry', 'retry', 'retry', 'delivery_limit']);
    expect([...failures.counts.values()]).toEqual([7, 1]);
  });

  it('has no failures to show before its first one', async () => {
    const seen: unknown[] = [];
    const { run, failures } = loopOnFakes(
      async ({ message: { headers } }) => void seen.push(headers['x-delivery-count']),
    );
    failures.counts.set('event-1', 7);

    await run(delivered('1', replayed('one'), 2));

    expect(seen).toEqual([undefined]);
  });
});

describe('a record that is redelivered', () => {
  const receivedOn = async (dialect: Dialect, source = orders, receiveCount = 4, failed = 2) => {
    const seen: unknown[] = [];
    const { run, failures } = loopOnFakes(
      async ({ redelivered, message: { headers } }) => void seen.push({ redelivered, headers }),
      { dialect, source },
    );
    failures.counts.set('event-1', failed);
    await run(delivered('1', { headers: { tenant: 'shop' } }, receiveCount));
    return seen[0];
  };

  it('is told so, with the counts of a quorum queue as the dialect has them (rules 4.8.2 to 4.8.5)', async () => {
    expect(await receivedOn('4.3')).toEqual({
      redelivered: true,
      headers: { tenant: 'shop', 'x-delivery-count': 2, 'x-acquired-count': 3 },
    });
    expect(await receivedOn('4.0')).toEqual({ redelivered: true, headers: { tenant: 'shop', 'x-delivery-count': 3 } });
    expect(await receivedOn('4.3', orders, 4, 0)).toEqual({
      redelivered: true,
      headers: { tenant: 'shop', 'x-acquired-count': 3 },
    });
  });

  it('is told so without counts on a classic queue, and the first delivery is none', async () => {
    const classic = { ...orders, type: 'classic' as const };

    expect(await receivedOn('4.3', classic)).toEqual({ redelivered: true, headers: { tenant: 'shop' } });
    expect(await receivedOn('4.3', orders, 1, 0)).toEqual({ redelivered: false, headers: { tenant: 'shop' } });
  });
});

describe('a record that is rejected', () => {
  const rejected = failWith(new PermanentError('never'));

  it('is dead-lettered once with its death noted, then acked; no retry is spent (rule 4.6.1)', async () => {
    const { run, broker, delays, outcomes } = loopOnFakes(rejected);

    expect(await run(delivered('1', { headers: { tenant: 'shop' } }))).toEqual([]);

    expect(outcomes()).toEqual(['rejected']);
    expect(delays).toEqual([]);
    expect(broker.republished).toMatchObject([
      {
        exchange: 'dead',
        routingKeys: ['payment.success'],
        properties: { message_id: 'event-1' },
        payload: '{"n":1}',
        headers: {
          tenant: 'shop',
          'x-death': [{ count: 1, reason: 'rejected', queue: 'orders', exchange: 'payments', time: 1_795_399_200 }],
        },
      },
    ]);
  });

  it.each([
    ['is refused', new FakeBroker(refusedBy('dead'))],
    ['may not be stored', new FakeBroker(unknownIn('dead'))],
  ])('stays and is retried when its letter %s (rules 4.6.6, 4.6.8)', async (_, broker) => {
    const { run, delays, outcomes } = loopOnFakes(rejected, { broker });

    expect(await run(delivered('1', {}, 2))).toEqual(['1']);

    expect(broker.republished).toHaveLength(1);
    expect(delays).toEqual([['1', 10]]);
    expect(outcomes()).toEqual(['retry']);
  });

  it('stays when its letter cannot be sent at all', async () => {
    const { run } = loopOnFakes(rejected, { broker: new FakeBroker(new Error('no network')) });

    expect(await run(delivered('1'), delivered('2'))).toEqual(['1', '2']);
  });

  it.each([
    ['its queue has no dead-letter exchange', { source: queue('orders') }],
    ['its letter reaches no queue', { broker: new FakeBroker(unroutable) }],
  ])('is an exception, with all of it, when %s: RabbitMQ would drop it (rule 4.6.6)', async (_, changes) => {
    const { run, exceptions, delays, outcomes } = loopOnFakes(rejected, changes);

    expect(await run(delivered('1'))).toEqual([]);

    expect({ outcomes: outcomes(), delays }).toEqual({ outcomes: ['rejected'], delays: [] });
    expect(exceptions.opened).toMatchObject([
      {
        eventId: 'event-1',
        source: "queue 'orders'",
        reason: 'rejected',
        state: 'open',
        error: { name: 'PermanentError', message: 'never' },
        body: '{"n":1}',
        envelope: expect.stringContaining('"exchange":"payments"'),
      },
    ]);
  });

  it('keeps a body in S3 that no row holds', async () => {
    const { run, exceptions, buriedBodies } = loopOnFakes(rejected, { source: queue('orders') });
    const payload = JSON.stringify({ n: 1, text: 'x'.repeat(400_000) });

    expect(await run(delivered('1', { payload }))).toEqual([]);

    const [{ body, envelope = '' } = {}] = exceptions.opened;
    const { claim } = JSON.parse(envelope);
    expect(Buffer.from(buriedBodies.bodies.get(claim.key) ?? []).toString()).toBe(payload);
    expect(body?.length).toBeLessThan(200);
  });

  it('is one exception for each content, whatever ids its publisher gave', async () => {
    const { run, exceptions } = loopOnFakes(rejected, { source: queue('orders') });
    const properties = { message_id: 'same' };

    await run(...[1, 2, 1].map((n) => delivered('1', { properties, ...bodyOf(n) })));

    expect(new Set(exceptions.opened.map(({ contentDigest }) => contentDigest)).size).toBe(2);
  });

  it('stays when it cannot be made an exception either', async () => {
    const { run, exceptions, outcomes } = loopOnFakes(rejected, { source: queue('orders') });
    exceptions.broken = new Error('no table');

    expect(await run(delivered('1'))).toEqual(['1']);

    expect(outcomes()).toEqual(['retry']);
  });

  it('does not keep its neighbours from being acked', async () => {
    const broker = new FakeBroker(refusedBy('dead'), stored('dead'));
    const { run, outcomes } = loopOnFakes(
      async ({ body: { n } }) => {
        if (n < 3) throw new PermanentError('never');
      },
      { broker },
    );

    expect(await run(...[1, 2, 3].map((n) => delivered(`${n}`, bodyOf(n))))).toEqual(['1']);
    expect(outcomes()).toEqual(['retry', 'rejected', 'ack']);
  });
});
