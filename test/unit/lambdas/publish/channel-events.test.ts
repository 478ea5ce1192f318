import { createHandler } from '../../../../lambdas/publish/handler.ts';
import { CountingMeter, now, silentLog } from '../builders.ts';
import { FakeBroker, refusedBy, stored, unknownIn, unroutable } from '../fake-broker.ts';

type Answers = ConstructorParameters<typeof FakeBroker>;

const one = { exchange: 'x', routing_key: 'key', payload: '1', properties: { message_id: 'event-1' } };

/** What a channel would have said to these messages, when that is what became of them. */
async function eventsOf(messages: readonly object[], ...answers: Answers) {
  const broker = new FakeBroker(...answers);
  const handler = createHandler({
    broker,
    now: () => now,
    newEventId: () => 'event-new',
    log: silentLog,
    meter: new CountingMeter(),
  });
  const answer = await handler({ messages });
  if (!answer.ok) throw new Error('the channel is closed');
  return { events: answer.events, published: broker.published };
}

describe('a mandatory message', () => {
  const mandatory = { ...one, mandatory: true };

  it('that is unroutable is returned, then acked (rules 4.5.16, 4.5.17, 4.5.19)', async () => {
    const { events } = await eventsOf([mandatory], unroutable);

    expect(events).toEqual([
      {
        method: 'basic.return',
        reply_code: 312,
        reply_text: 'NO_ROUTE',
        exchange: 'x',
        routing_key: 'key',
        message_id: 'event-1',
      },
      { method: 'basic.ack', delivery_tag: 1, multiple: false },
    ]);
  });

  it('that a queue refuses is nacked, not returned (rule 4.5.20)', async () => {
    expect((await eventsOf([mandatory], refusedBy('q'))).events).toEqual([
      { method: 'basic.nack', delivery_tag: 1, multiple: false },
    ]);
  });
});

describe('confirms', () => {
  it('are acks without a return for what is unroutable and not mandatory (rule 4.5.18)', async () => {
    expect((await eventsOf([one], unroutable)).events).toMatchObject([{ method: 'basic.ack' }]);
  });

  it('are numbered from 1 in the order of the messages, in each request again (rules 4.5.8, 4.5.22, 4.5.23)', async () => {
    for (const _ of ['one request', 'another']) {
      const { events } = await eventsOf([one, one, one], stored('q'), refusedBy('q'), stored('q'));

      expect(events).toMatchObject([
        { method: 'basic.ack', delivery_tag: 1 },
        { method: 'basic.nack', delivery_tag: 2 },
        { method: 'basic.ack', delivery_tag: 3 },
      ]);
    }
  });

  it('are missing for what may be stored: neither ack nor nack (rule 4.5.21)', async () => {
    expect((await eventsOf([one, one], unknownIn('q'), stored('q'))).events).toMatchObject([{ delivery_tag: 2 }]);
  });
});
