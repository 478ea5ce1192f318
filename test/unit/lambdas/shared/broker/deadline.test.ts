import { SchedulerClient, ThrottlingException } from '@aws-sdk/client-scheduler';
import type { Sendable } from '../../../../../lambdas/shared/broker/batches.ts';
import { keepingOnce } from '../../../../../lambdas/shared/broker/claim-check.ts';
import { createSqsDelays } from '../../../../../lambdas/shared/broker/delays.ts';
import { createSqsQueueSender } from '../../../../../lambdas/shared/broker/queue-sender.ts';
import type { SendOutcome } from '../../../../../lambdas/shared/broker/report.ts';
import type { Waiting } from '../../../../../lambdas/shared/broker/waiting.ts';
import { asPublished } from '../../../../../rabbitmq/message.ts';
import { noClaims } from '../../../../support/no-claims.ts';
import { queue, topology } from '../../../rabbitmq/topology-builders.ts';
import { message } from '../../builders.ts';
import { brokerOn, FakeSender } from './broker-on-fakes.ts';
import { type Answer, failing, hanging, noReply, ScriptedSqs } from './scripted-sqs.ts';

const refused = 'refused: not sent: the function’s time was up';
const unknown = 'unknown: no answer before the function’s time was up';
const told = (outcomes: readonly SendOutcome[]) =>
  outcomes.map((one) => (one.outcome === 'stored' ? 'stored' : `${one.outcome}: ${one.reason}`));

/** Time is up in the pause that so many failed tries are followed by, or at the call of that number. */
function senderUntil({ pause, call }: { pause?: number; call?: number }, ...script: Answer[]) {
  const time = new AbortController();
  let pauses = 0;
  const sqs = new ScriptedSqs(
    ...script.map(
      (answer): Answer =>
        (entries, abortSignal) => {
          if (sqs.calls.length === call) queueMicrotask(() => time.abort());
          return answer(entries, abortSignal);
        },
    ),
  );
  const sender = createSqsQueueSender({
    sqs: sqs.asClient(),
    maxAttempts: 3,
    random: () => 0,
    sleep: async () => {
      if (++pauses === pause) time.abort();
    },
  });
  return { sqs, sender, deadline: time.signal };
}

const bodies = (count: number) =>
  Array.from(
    { length: count },
    (_, at): Sendable => ({
      encode: async () => ({ MessageBody: String(at), MessageAttributes: {} }),
    }),
  );

describe('at the deadline, an entry', () => {
  it('in a call that is under way is unknown, and what no call has carried is refused', async () => {
    const { sqs, sender, deadline } = senderUntil(
      { call: 2 },
      (entries) => ({ Successful: entries.map(({ Id }) => ({ Id, MessageId: 's', MD5OfMessageBody: '' })) }),
      hanging,
    );

    const outcomes = await sender.send('q', bodies(30), deadline);

    expect(told(outcomes)).toEqual([
      ...Array(10).fill('stored'),
      ...Array(10).fill(unknown),
      ...Array(10).fill(refused),
    ]);
    expect(sqs.calls).toHaveLength(2);
  });

  it('is refused without a call when the time was up before', async () => {
    const sqs = new ScriptedSqs();
    const { sender } = senderUntil({});

    expect(told(await sender.send('q', bodies(1), AbortSignal.abort()))).toEqual([refused]);
    expect(sqs.calls).toEqual([]);
  });

  it('that SQS has refused so far stays refused, for SQS’s reason, and is not tried again', async () => {
    const { sqs, sender, deadline } = senderUntil({ pause: 1 }, failing(['0']));

    expect(told(await sender.send('q', bodies(1), deadline))).toEqual(['refused: InternalError: scripted']);
    expect(sqs.calls).toHaveLength(1);
  });

  it('whose reply was lost stays unknown, and is not tried again', async () => {
    const { sqs, sender, deadline } = senderUntil({ pause: 1 }, noReply);

    expect(told(await sender.send('q', bodies(1), deadline))).toEqual(['unknown: Error: socket hang up']);
    expect(sqs.calls).toHaveLength(1);
  });

  it('of a FIFO queue that waits behind an unknown one is refused', async () => {
    const { sender, deadline } = senderUntil({ call: 1 }, hanging);
    const inOrder = bodies(2).map((one) => ({ ...one, group: 'one' }));

    expect((await sender.send('q', inOrder, deadline)).map(({ outcome }) => outcome)).toEqual(['unknown', 'refused']);
  });
});

describe('at the deadline, a schedule', () => {
  const waiting: Waiting = { message: message(), dueAt: 3_600_000, delayMs: 3_600_000, next: { step: 'route' } };

  function delaysOn(send: (abortSignal: AbortSignal | undefined) => Promise<unknown>, sleep = async () => {}) {
    const client = new SchedulerClient({ region: 'eu-west-1' });
    let calls = 0;
    const delays = createSqsDelays({
      scheduler: Object.assign(client, {
        send: (_: unknown, { abortSignal }: { abortSignal?: AbortSignal } = {}) => {
          calls++;
          return send(abortSignal);
        },
      }),
      sender: new FakeSender(),
      delayedQueue: { url: 'delayed', arn: 'arn:delayed' },
      schedules: { group: 'group', roleArn: 'arn:role', deadLetterArn: 'arn:dead' },
      maxAttempts: 3,
      now: () => new Date(0),
      sleep,
      random: () => 0,
    });
    return { delays, calls: () => calls };
  }

  it('that is being made is unknown', async () => {
    const time = new AbortController();
    const { delays } = delaysOn(async (abortSignal) => {
      queueMicrotask(() => time.abort());
      return hanging([], abortSignal);
    });

    expect(told(await delays.keep([waiting], keepingOnce(noClaims), time.signal))).toEqual([unknown]);
  });

  it('that was throttled so far is refused, and not tried again', async () => {
    const time = new AbortController();
    const throttled = new ThrottlingException({ $metadata: {}, message: 'slowly', Message: 'slowly' });
    const { delays, calls } = delaysOn(
      () => Promise.reject(throttled),
      async () => time.abort(),
    );

    expect(told(await delays.keep([waiting], keepingOnce(noClaims), time.signal))).toEqual([
      'refused: ThrottlingException: slowly',
    ]);
    expect(calls()).toBe(1);
  });

  it('is not made when the time was up before', async () => {
    const { delays, calls } = delaysOn(async () => ({}));

    expect(told(await delays.keep([waiting], keepingOnce(noClaims), AbortSignal.abort()))).toEqual([
      'refused: not kept: the function’s time was up',
    ]);
    expect(calls()).toBe(0);
  });
});

describe('at the deadline, a message that waits', () => {
  it('in the delayed queue or as a schedule is refused like any other', async () => {
    const sender = createSqsQueueSender({
      sqs: new ScriptedSqs().asClient(),
      maxAttempts: 3,
      random: () => 0,
      sleep: async () => {},
    });
    const delays = createSqsDelays({
      scheduler: new SchedulerClient({ region: 'eu-west-1' }),
      sender,
      delayedQueue: { url: 'delayed', arn: 'arn:delayed' },
      schedules: { group: 'group', roleArn: 'arn:role', deadLetterArn: 'arn:dead' },
      maxAttempts: 3,
      now: () => new Date(10_000),
      sleep: async () => {},
      random: () => 0,
    });
    const ordered = topology({ queues: [queue('orders', { singleActiveConsumer: true })] });
    const broker = brokerOn(sender, ordered, delays);
    const accept = (delayMs: number) =>
      broker.accept(asPublished(message({ exchange: '', routingKeys: ['orders'] })), { delayMs });

    const published = await broker.deliver([accept(1_000), accept(3_600_000)], AbortSignal.abort());

    expect(published.map(({ queues }) => told(queues))).toEqual([
      [refused],
      ['refused: not kept: the function’s time was up'],
    ]);
  });
});

describe('at the deadline, a broker', () => {
  const senderOn = (sqs: ScriptedSqs) =>
    createSqsQueueSender({ sqs: sqs.asClient(), maxAttempts: 3, random: () => 0, sleep: async () => {} });

  it('answers for every message: unknown where a queue may have it, refused where none can', async () => {
    const time = new AbortController();
    const untilBothAreUnderWay: Answer = (entries, abortSignal) => {
      if (sqs.calls.length === 2) queueMicrotask(() => time.abort());
      return hanging(entries, abortSignal);
    };
    const sqs = new ScriptedSqs(untilBothAreUnderWay, untilBothAreUnderWay);
    const sender = senderOn(sqs);

    const published = await brokerOn(sender).publish(Array(20).fill(message()), time.signal);

    expect(published.map(({ confirm }) => confirm)).toEqual([...Array(10).fill('unknown'), ...Array(10).fill('nack')]);
    expect(sqs.calls.map(({ QueueUrl }) => QueueUrl)).toEqual(['/|audit', '/|orders']);
  });

  it('republishes and sends on no longer either', async () => {
    const broker = brokerOn(senderOn(new ScriptedSqs()));
    const over = AbortSignal.abort();

    expect(await broker.republish(message(), over)).toMatchObject({ confirm: 'nack' });
    expect(
      await broker.resume({ message: message(), dueAt: 0, delayMs: 0, next: { step: 'route' } }, over),
    ).toMatchObject({ confirm: 'nack' });
  });
});
