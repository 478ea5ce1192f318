import { once } from 'node:events';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createHandler as createDelayedPublish } from '../../../lambdas/delayed-publish/handler.ts';
import { createHandler as createPublish } from '../../../lambdas/publish/handler.ts';
import { createSqsQueueSender } from '../../../lambdas/shared/broker/queue-sender.ts';
import { encodeWaiting } from '../../../lambdas/shared/broker/waiting.ts';
import { PermanentError } from '../../../lambdas/shared/consumer/errors.ts';
import { createHandler as createNotify } from '../../../lambdas/wechat-pay-notify/handler.ts';
import { noClaims } from '../../support/no-claims.ts';
import { noOutbox } from '../../support/no-outbox.ts';
import { sqsRecord } from '../../support/sqs-event.ts';
import { bindQueue, exchange, queue, topology } from '../rabbitmq/topology-builders.ts';
import { CountingMeter, lambdaContext, message, now, silentLog } from './builders.ts';
import { FakeBroker, unknownIn } from './fake-broker.ts';
import { brokerOn, FakeSender } from './shared/broker/broker-on-fakes.ts';
import { hanging, ScriptedSqs } from './shared/broker/scripted-sqs.ts';
import { delivered, loopOnFakes } from './shared/consumer/record-loop-on-fakes.ts';
import { row } from './shared/outbox/memory-outbox.ts';
import { outboxOn, streamOf } from './shared/outbox/outbox-on-fakes.ts';
import { notification, secret, signedHeaders } from './shared/wechat-pay/wechat-pay.ts';

/** SQS takes every call and answers none. */
function brokerOnSilentQueues() {
  const sqs = new ScriptedSqs(...Array(50).fill(hanging));
  const sender = createSqsQueueSender({ sqs: sqs.asClient(), maxAttempts: 3, random: () => 0, sleep: async () => {} });
  return brokerOn(
    sender,
    topology({
      exchanges: [exchange('payments', 'topic'), exchange('dead', 'fanout')],
      queues: [queue('orders'), queue('dead')],
      bindings: [bindQueue('payments', 'orders', '#'), bindQueue('dead', 'dead')],
    }),
  );
}

/** A function with so little time left that a test can wait for its end. */
const context = lambdaContext(20);
const deps = {
  broker: brokerOnSilentQueues(),
  outbox: noOutbox,
  claims: noClaims,
  now: () => now,
  newEventId: () => 'event-1',
  log: silentLog,
  meter: new CountingMeter(),
};

describe('a function whose queues do not answer', () => {
  it('answers before its time is over: publish, with what is unknown and what was never sent', async () => {
    const one = { exchange: 'payments', routing_key: 'payment.success', payload: '1' };

    for (const mode of ['confirm', 'tx']) {
      const { messages } = await createPublish(deps)({ mode, messages: Array(30).fill(one) }, context);

      const confirms = messages.map(({ confirm }) => confirm);
      expect(confirms).toEqual([...Array(10).fill('unknown'), ...Array(20).fill('nack')]);
    }
  });

  it('answers before its time is over: wechat-pay-notify, so that WeChat Pay sends it again', async () => {
    const body = JSON.stringify(notification());
    const event = { headers: signedHeaders(body), body } as unknown as APIGatewayProxyEventV2;

    const answer = await createNotify({ ...deps, merchantSecret: async () => secret })(event, context);

    expect(answer).toMatchObject({ statusCode: 500 });
  });

  it('ends before its time is over: outbox-relay, which leaves the rows in a hold', async () => {
    const rows = [row('a1'), row('a2')];
    const { handler, holds } = outboxOn(new FakeSender(), rows, deps.broker);

    await handler(streamOf(...rows), context);

    expect([...holds.holds.values()].map(({ waiting }) => waiting)).toEqual([['a1', 'a2']]);
  });

  it('answers before its time is over: delayed-publish, with the record as failed', async () => {
    const kept = encodeWaiting({ message: message(), dueAt: 0, delayMs: 0, next: { step: 'route' } });
    const record = sqsRecord(kept, { messageId: 'sqs-1' });

    expect(await createDelayedPublish(deps)({ Records: [record] }, context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'sqs-1' }],
    });
  });

  it('is told when to answer: a consumer’s rejects and retries', async () => {
    const { run, broker, deadlines } = loopOnFakes(() => Promise.reject(new PermanentError('no good')), {
      broker: new FakeBroker(unknownIn('dead')),
      leftMs: () => 20,
    });

    expect(await run(delivered('1'))).toEqual(['1']);
    for (const deadline of [...broker.deadlines, ...deadlines]) await ended(deadline);
    expect([...broker.deadlines, ...deadlines]).toHaveLength(2);
  });
});

async function ended(deadline: AbortSignal | undefined): Promise<void> {
  if (!deadline) throw new Error('there is no deadline');
  if (!deadline.aborted) await once(deadline, 'abort');
}
