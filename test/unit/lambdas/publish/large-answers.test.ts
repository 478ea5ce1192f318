import { createHandler } from '../../../../lambdas/publish/handler.ts';
import type { SendOutcome } from '../../../../lambdas/shared/broker/report.ts';
import { mostAnswerBytes } from '../../../../lambdas/shared/publishing/answer-size.ts';
import { InvalidPublishRequestError } from '../../../../lambdas/shared/publishing/publishing.ts';
import { noOutbox } from '../../../support/no-outbox.ts';
import { bindQueue, exchange, queue, topology } from '../../rabbitmq/topology-builders.ts';
import { CountingMeter, lambdaContext, rejectionOf, silentLog } from '../builders.ts';
import { brokerOn, FakeSender, refused } from '../shared/broker/broker-on-fakes.ts';

const names = Array.from({ length: 60 }, (_, at) => `fulfilment.requests.of-region-${at}`);
const fanout = topology({
  exchanges: [exchange('all', 'fanout'), exchange('none', 'fanout')],
  queues: names.map((name) => queue(name)),
  bindings: names.map((name) => bindQueue('all', name)),
});
const one = { exchange: 'all', routing_key: '', payload: '1' };
const inSqs: SendOutcome = { outcome: 'stored', sqsMessageId: '01234567-89ab-cdef-0123-456789abcdef' };

/** `answers`: of each queue, as many as are not just stored. */
function publishTo(answers: Readonly<Record<string, readonly SendOutcome[]>> = {}) {
  let ids = 0;
  const sender = new FakeSender(answers);
  const handler = createHandler({
    broker: brokerOn(sender, fanout),
    outbox: noOutbox,
    newEventId: () => `019acb0f-0000-7000-8000-${String(++ids).padStart(12, '0')}`,
    log: silentLog,
    meter: new CountingMeter(),
  });
  return { sender, publish: (request: object) => handler(request, lambdaContext()) };
}

const inEveryQueue = (outcome: SendOutcome, messages: number) =>
  Object.fromEntries(names.map((name) => [`/|${name}`, Array<SendOutcome>(messages).fill(outcome)]));

describe('a thousand messages for sixty queues', () => {
  const messages = Array(1000).fill(one);

  it('are answered within what Lambda returns: each confirm and id, and that no queue is listed', async () => {
    const answer = await publishTo(inEveryQueue(inSqs, 1000)).publish({ messages });

    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(mostAnswerBytes);
    expect(answer.detail).toBe('problems');
    expect(answer.events).toHaveLength(1000);
    expect(new Set(answer.messages.map(({ message_id }) => message_id)).size).toBe(1000);
    expect(answer.messages.at(-1)).toEqual({
      delivery_tag: 1000,
      message_id: '019acb0f-0000-7000-8000-000000001000',
      confirm: 'ack',
      routed: 60,
      queues: [],
    });
  });

  it('that every queue refuses are answered without a reason for each', async () => {
    const long: SendOutcome = { outcome: 'refused', reason: 'x'.repeat(200) };
    const answer = await publishTo(inEveryQueue(long, 1000)).publish({ messages });

    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(mostAnswerBytes);
    expect(answer.detail).toBe('none');
    expect(
      answer.messages.every(({ confirm, routed, queues }) => confirm === 'nack' && routed === 60 && !queues.length),
    ).toBe(true);
  });
});

describe('a report', () => {
  const messages = [one, { ...one, exchange: 'none' }];
  const oneRefuses = { [`/|${names[7]}`]: [refused] };
  const listed = async (detail?: string) => {
    const answer = await publishTo(oneRefuses).publish({ messages, ...(detail && { detail }) });
    return [answer.detail, ...answer.messages.map(({ routed, queues }) => [routed, queues.length])];
  };

  it('lists all queues, those that did not store the message, or none; how many there are it always says', async () => {
    expect(await listed()).toEqual(['queues', [60, 60], [0, 0]]);
    expect(await listed('problems')).toEqual(['problems', [60, 1], [0, 0]]);
    expect(await listed('none')).toEqual(['none', [60, 0], [0, 0]]);
  });
});

describe('a request that no answer could tell of', () => {
  it('is refused before anything is sent', async () => {
    const { publish, sender } = publishTo();
    const long = { ...one, exchange: 'none', properties: { message_id: 'x'.repeat(6_400) } };

    const error = await rejectionOf(publish({ messages: Array(1000).fill(long) }));

    expect(error).toBeInstanceOf(InvalidPublishRequestError);
    expect(String(error)).toMatch(/over 6 MB: send fewer messages/);
    expect(sender.sent).toEqual([]);
    expect((await publish({ messages: Array(100).fill(long) })).messages).toHaveLength(100);
  });
});
