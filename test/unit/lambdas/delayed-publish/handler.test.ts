import type { SQSBatchResponse } from 'aws-lambda';
import { createHandler } from '../../../../lambdas/delayed-publish/handler.ts';
import { claimOf } from '../../../../lambdas/shared/broker/claim.ts';
import { encodeWaiting, type Waiting } from '../../../../lambdas/shared/broker/waiting.ts';
import { sqsRecord } from '../../../support/sqs-event.ts';
import { CountingMeter, lambdaContext, message, silentLog } from '../builders.ts';
import { FakeBroker, refusedBy, stored, unknownIn, unroutable } from '../fake-broker.ts';
import { MemoryClaims } from '../memory-claims.ts';

const waiting: Waiting = { message: message(), dueAt: 1, delayMs: 1, next: { step: 'route' } };

async function handle(broker: FakeBroker, body: string, claims = new MemoryClaims()) {
  const meter = new CountingMeter();
  const handler = createHandler({ broker, claims, log: silentLog, meter });
  const event = { Records: [sqsRecord(body, { messageId: 'sqs-1' })] };
  const answer = (await handler(event, lambdaContext())) satisfies SQSBatchResponse;
  return { failed: answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), meter };
}

describe('a message whose time has come', () => {
  it('is sent on as it was kept', async () => {
    const broker = new FakeBroker(stored('orders'));

    expect((await handle(broker, encodeWaiting(waiting))).failed).toEqual([]);
    expect(broker.resumed).toEqual([waiting]);
  });

  it('is sent on with its body, wherever that lies', async () => {
    const { payload, payloadEncoding, ...rest } = waiting.message;
    const { claim, body } = claimOf({ ...rest, payload, payloadEncoding });
    const claims = new MemoryClaims();
    claims.bodies.set(claim.key, body);
    const broker = new FakeBroker(stored('orders'));

    const { failed } = await handle(broker, encodeWaiting({ ...waiting, message: { ...rest, claim } }), claims);

    expect(failed).toEqual([]);
    expect(broker.resumed).toEqual([waiting]);
  });

  it('stays when its body is gone', async () => {
    const { payload: _payload, payloadEncoding: _encoding, ...rest } = waiting.message;
    const { claim } = claimOf(waiting.message);
    const broker = new FakeBroker(stored('orders'));

    const { failed } = await handle(broker, encodeWaiting({ ...waiting, message: { ...rest, claim } }));

    expect(failed).toEqual(['sqs-1']);
    expect(broker.resumed).toEqual([]);
  });

  it.each([
    ['refused', refusedBy('orders'), 'nack'],
    ['of unknown outcome', unknownIn('orders'), 'unknown'],
    ['routed nowhere', unroutable, 'unroutable'],
  ])('stays when it is %s', async (_, answer, outcome) => {
    const { failed, meter } = await handle(new FakeBroker(answer), encodeWaiting(waiting));

    expect(failed).toEqual(['sqs-1']);
    expect(meter.counts).toEqual([['DelayedMessages', { outcome }]]);
  });

  it('stays when nobody can read it', async () => {
    expect((await handle(new FakeBroker(stored('orders')), '{}')).failed).toEqual(['sqs-1']);
  });
});
