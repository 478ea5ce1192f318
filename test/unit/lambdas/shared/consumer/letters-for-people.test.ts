import { PermanentError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { replayHeader } from '../../../../../lambdas/shared/exceptions/replay-header.ts';
import { FakeBroker, refusedBy, stored } from '../../fake-broker.ts';
import { bodyOf, delivered, loopOnFakes } from './record-loop-on-fakes.ts';

const no = async () => {
  throw new PermanentError('no such order');
};

describe('a dead message whose letter gets into a queue for people', () => {
  it('is an open exception, too, as it was in its own queue', async () => {
    const broker = new FakeBroker(stored('parking', 'dead'));
    const { run, exceptions, outcomes } = loopOnFakes(no, { broker, watched: ['dead'] });

    expect(await run(delivered('1', bodyOf(7)))).toEqual([]);

    expect(broker.republished).toHaveLength(1);
    expect(outcomes()).toEqual(['rejected']);
    expect(exceptions.opened).toMatchObject([
      {
        eventId: 'event-1',
        queue: { vhost: '/', name: 'orders' },
        reason: 'rejected',
        state: 'open',
        businessKey: 'key-7',
        body: '{"n":7}',
      },
    ]);
  });

  it('stays in its queue when that cannot be stored', async () => {
    const { run, exceptions, outcomes } = loopOnFakes(no, { watched: ['dead'] });
    exceptions.broken = new Error('DynamoDB does not answer');

    expect(await run(delivered('1', bodyOf(7)))).toEqual(['1']);

    expect(outcomes()).toEqual(['retry']);
  });

  it('is on record, and nobody’s task, when its time was over', async () => {
    const { run, exceptions } = loopOnFakes(no, { watched: ['dead'] });

    await run(delivered('1', { ...bodyOf(7), expiresAt: 1 }));

    expect(exceptions.opened).toMatchObject([{ reason: 'expired', state: 'recorded' }]);
  });

  it('that was sent again by a person is opened again, not resolved', async () => {
    const { run, exceptions } = loopOnFakes(no, { watched: ['dead'] });
    const headers = { [replayHeader]: { row: "queue 'orders'", id: 'replay-1' } };

    await run(delivered('1', { ...bodyOf(7), headers }));

    expect(exceptions.opened).toHaveLength(1);
    expect(exceptions.resolved).toEqual([]);
  });
});

describe('a dead message whose letter is somebody else’s', () => {
  it.each([
    ['is no exception', stored('dead'), 0],
    ['is none while its letter is not stored', refusedBy('parking'), 0],
  ])('%s', async (_, answer, count) => {
    const { run, exceptions } = loopOnFakes(no, { broker: new FakeBroker(answer), watched: ['parking'] });

    await run(delivered('1', bodyOf(7)));

    expect(exceptions.opened).toHaveLength(count);
  });
});
