import type { Delivery } from '../../../../../lambdas/shared/consumer/consumer.ts';
import { PermanentError, RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { queue } from '../../../rabbitmq/topology-builders.ts';
import { FakeBroker, refusedBy, stored, unknownIn, unroutable } from '../../fake-broker.ts';
import { type Body, bodyOf, delivered, loopOnFakes } from './record-loop-on-fakes.ts';

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
    const { run, outcomes } = loopOnFakes(work, { leftMs: () => left });

    const failed = await run(...[1, 2, 3].map((n) => delivered(`sqs-${n}`, bodyOf(n))));

    expect({ done, failed }).toEqual({ done: [1, 2], failed: ['sqs-3'] });
    expect(outcomes()).toEqual(['ack', 'ack', 'postponed']);
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
  ])('after receive %i waits min × receives, at most the maximum: %i s (rule 4.8.9)', async (receiveCount, seconds) => {
    const { run, delays, broker } = loopOnFakes(failWith(new Error('any')));

    expect(await run(delivered('1', {}, receiveCount))).toEqual(['1']);

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

  it('waits the consumer’s own delay when a RetryableError asks for none', async () => {
    const { run, delays } = loopOnFakes(failWith(new RetryableError('later')));

    await run(delivered('1', {}, 2));

    expect(delays).toEqual([['1', 10]]);
  });
});

describe('a record that is rejected', () => {
  const rejected = failWith(new PermanentError('never'));

  it('is dead-lettered once with its death noted, then acked; no retry is spent (rule 4.6.1)', async () => {
    const { run, broker, delays, outcomes } = loopOnFakes(rejected);

    expect(await run(delivered('1', { headers: { tenant: 'shop' } }))).toEqual([]);

    expect(outcomes()).toEqual(['reject']);
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
    ['reaches no queue', new FakeBroker(unroutable)],
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

  it('stays when its queue has no dead-letter exchange', async () => {
    const { run, broker, outcomes } = loopOnFakes(rejected, { source: queue('orders') });

    expect(await run(delivered('1'))).toEqual(['1']);

    expect(broker.republished).toEqual([]);
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
    expect(outcomes()).toEqual(['retry', 'reject', 'ack']);
  });
});
