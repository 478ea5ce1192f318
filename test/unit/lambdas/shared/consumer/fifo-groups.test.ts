import type { SQSRecord } from 'aws-lambda';
import { PermanentError, RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { queue } from '../../../rabbitmq/topology-builders.ts';
import { bodyOf, delivered, loopOnFakes } from './record-loop-on-fakes.ts';

const inOrder = queue('orders', { deadLetterExchange: 'dead', singleActiveConsumer: true });

/** Each record's id begins with its group. */
function ofGroups(...ids: string[]): SQSRecord[] {
  return ids.map((id, at) => {
    const record = delivered(id, bodyOf(at));
    return { ...record, attributes: { ...record.attributes, MessageGroupId: id.charAt(0) } };
  });
}

function loopThatFails(errors: Readonly<Record<string, Error>>, source = inOrder) {
  const handled: string[] = [];
  const loop = loopOnFakes(
    async ({ message }) => {
      const id = message.properties.message_id.slice('event-'.length);
      handled.push(id);
      if (errors[id]) throw errors[id];
    },
    { source },
  );
  return { ...loop, handled };
}

describe('a record of a FIFO queue that will be retried', () => {
  it('holds back what is behind it in its group, and other groups go on', async () => {
    const { run, handled, outcomes } = loopThatFails({ a1: new RetryableError('not yet', { delaySeconds: 7 }) });

    const failed = await run(...ofGroups('a1', 'b1', 'a2', 'b2', 'a3'));

    expect(failed).toEqual(['a1', 'a2', 'a3']);
    expect(handled).toEqual(['a1', 'b1', 'b2']);
    expect(outcomes()).toEqual(['retry', 'ack', 'ack', 'behind', 'behind']);
  });

  it('alone is hidden: those behind it would keep the group waiting for the queue’s whole visibility timeout', async () => {
    const { run, delays } = loopThatFails({ a1: new RetryableError('not yet', { delaySeconds: 7 }) });

    await run(...ofGroups('a1', 'a2', 'b1'));

    expect(delays).toEqual([
      ['a1', 7],
      ['a2', 0],
    ]);
  });

  it('is not hidden for having failed in an earlier batch, once it is behind another', async () => {
    const { run, delays } = loopThatFails({ a1: new Error('not yet'), a2: new Error('not yet') });
    await run(...ofGroups('a2'));

    await run(...ofGroups('a1', 'a2'));

    expect(delays.at(-1)).toEqual(['a2', 0]);
  });

  it('holds back nothing in the next batch', async () => {
    const { run, handled } = loopThatFails({ a1: new Error('once') });
    await run(...ofGroups('a1', 'a2'));

    await run(...ofGroups('a2'));

    expect(handled).toEqual(['a1', 'a2']);
  });
});

describe('a record of a FIFO queue that is dead', () => {
  it('is buried, and its group goes on', async () => {
    const { run, handled, outcomes } = loopThatFails({ a1: new PermanentError('never') });

    expect(await run(...ofGroups('a1', 'a2'))).toEqual([]);

    expect(handled).toEqual(['a1', 'a2']);
    expect(outcomes()).toEqual(['rejected', 'ack']);
  });
});

describe('a record of any other queue', () => {
  it('holds back nothing, whatever its group is: there is no order to keep', async () => {
    const anyOrder = queue('orders', { deadLetterExchange: 'dead' });
    const { run, handled } = loopThatFails({ a1: new Error('not yet') }, anyOrder);

    expect(await run(...ofGroups('a1', 'a2'))).toEqual(['a1']);

    expect(handled).toEqual(['a1', 'a2']);
  });
});
