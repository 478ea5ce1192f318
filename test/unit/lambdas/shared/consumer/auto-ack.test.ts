import { PermanentError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { queue } from '../../../rabbitmq/topology-builders.ts';
import { bodyOf, delivered, loopOnFakes } from './record-loop-on-fakes.ts';

describe('a message of a consumer with automatic acknowledgement', () => {
  it('has left its queue when its handler gets it', async () => {
    const seen: string[][] = [];
    const { run, removal } = loopOnFakes(async () => void seen.push([...removal.removed]), { autoAck: true });

    expect(await run(delivered('1', bodyOf(1)))).toEqual([]);

    expect(seen).toEqual([['1']]);
  });

  it.each([
    ['in any way', new Error('boom')],
    ['for good', new PermanentError('never')],
  ])('does not come back when its handling fails %s, and is told of as lost', async (_, error) => {
    const { run, outcomes, delays, broker, failures } = loopOnFakes(() => Promise.reject(error), { autoAck: true });

    expect(await run(delivered('1', bodyOf(1)))).toEqual([]);

    expect(outcomes()).toEqual(['lost']);
    expect(delays).toEqual([]);
    expect(broker.republished).toEqual([]);
    expect([...failures.counts]).toEqual([]);
  });

  it('is not handled while it may still be in its queue', async () => {
    let handled = 0;
    const { run, removal, outcomes } = loopOnFakes(async () => void handled++, { autoAck: true });
    removal.broken = new Error('socket hang up');

    expect(await run(delivered('1', bodyOf(1)))).toEqual(['1']);

    expect(handled).toBe(0);
    expect(outcomes()).toEqual(['retry']);
  });

  it('that cannot be read is dead-lettered as any other: nobody was given it', async () => {
    const { run, outcomes, removal } = loopOnFakes(async () => {}, { autoAck: true });

    expect(await run(delivered('1', { payload: 'no JSON' }))).toEqual([]);

    expect(outcomes()).toEqual(['rejected']);
    expect(removal.removed).toEqual([]);
  });
});

describe('automatic acknowledgement', () => {
  it('is not for a FIFO queue: the next message would be handled before this one is', () => {
    const source = queue('orders', { singleActiveConsumer: true });

    expect(() => loopOnFakes(async () => {}, { autoAck: true, source })).toThrow("'orders' is a FIFO queue");
  });
});

describe('a message of any other consumer', () => {
  it('is taken out of its queue by its ack alone', async () => {
    const { run, removal } = loopOnFakes(async () => {});

    await run(delivered('1', bodyOf(1)));

    expect(removal.removed).toEqual([]);
  });
});
