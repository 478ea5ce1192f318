import { openChannel } from '../../../../../lambdas/shared/broker/channel.ts';
import { createOverflowGate } from '../../../../../lambdas/shared/broker/overflow-gate.ts';
import type { SendOutcome } from '../../../../../lambdas/shared/broker/report.ts';
import type { Message } from '../../../../../rabbitmq/message.ts';
import type { Topology } from '../../../../../rabbitmq/topology.ts';
import { bindQueue, exchange, queue, topology } from '../../../rabbitmq/topology-builders.ts';
import { clientMessage, message } from '../../builders.ts';
import { MemoryClaims } from '../../memory-claims.ts';
import { brokerOn, decoded, FakeDelays, FakeSender, refused, stored } from './broker-on-fakes.ts';

const limited = { type: 'classic', maxLength: 1, deadLetterExchange: 'over' } as const;
const work = topology({
  exchanges: [exchange('all', 'fanout'), exchange('over', 'fanout')],
  queues: [
    queue('free'),
    queue('nacks', { ...limited, overflow: 'reject-publish' }),
    queue('buries', { ...limited, overflow: 'reject-publish-dlx' }),
    queue('drops', limited),
    queue('late', { ...limited, overflow: 'reject-publish-dlx' }),
    queue('dead', { ...limited, overflow: 'reject-publish-dlx' }),
    queue('mute', { type: 'classic', maxLength: 1, overflow: 'reject-publish-dlx' }),
    queue('itself', { ...limited, overflow: 'reject-publish-dlx', deadLetterExchange: '' }),
    queue('lost', { ...limited, overflow: 'reject-publish-dlx', deadLetterExchange: 'nowhere' }),
    queue('wait', { messageTtl: 5_000, deadLetterExchange: '', deadLetterRoutingKey: 'nacks', delayQueue: true }),
  ],
  bindings: [bindQueue('all', 'free'), bindQueue('all', 'buries'), bindQueue('over', 'dead')],
});

/** Every queue holds one message, which is all that its limit lets it. */
function givenFullQueues(answers: Readonly<Record<string, readonly SendOutcome[]>> = {}, on: Topology = work) {
  const sender = new FakeSender(answers);
  const delays = new FakeDelays();
  const claims = new MemoryClaims();
  const reads: string[] = [];
  const ready = async ({ name }: { readonly name: string }) => {
    reads.push(name);
    return 1;
  };
  const gate = createOverflowGate({ depths: { ready }, maxAgeMs: 1_000, now: () => new Date(10_000) });
  const broker = brokerOn(sender, on, delays, { claims, gate });
  const sent = () => sender.sent.flatMap(([url, copies]) => copies.map((one) => ({ queue: url.slice(2), one })));
  return { broker, sent, delays, claims, reads };
}

const to = (routingKey: string, changes: Partial<Message> = {}): Message =>
  message({ exchange: '', routingKeys: [routingKey], ...changes });

const ofClient = (routingKey: string) => clientMessage({ exchange: '', routingKeys: [routingKey] });

const queuesIn = (sent: readonly { readonly queue: string }[]) => sent.map(({ queue: name }) => name);

describe('a message for a queue that is full', () => {
  it('is nacked and sent nowhere; it is not returned, mandatory or not (rule 4.5.20)', async () => {
    const { broker, sent } = givenFullQueues();
    const channel = openChannel(broker);
    channel.selectConfirm();
    channel.publish(ofClient('nacks'), { mandatory: true });

    const { events, reports } = await channel.flush();

    expect(events).toEqual([{ method: 'basic.nack', delivery_tag: 1, multiple: false }]);
    expect(reports).toMatchObject([
      { confirm: 'nack', queues: [{ queue: 'nacks', outcome: 'refused', reason: 'it is full (x-max-length 1)' }] },
    ]);
    expect(sent()).toEqual([]);
  });

  it('is nacked though others took it, and stays with them (rule 4.5.21)', async () => {
    const { broker, sent } = givenFullQueues();

    const [published] = await broker.publish([message({ exchange: 'all' })]);

    expect(published).toMatchObject({
      confirm: 'nack',
      queues: [
        { queue: 'buries', outcome: 'refused' },
        { queue: 'free', outcome: 'stored' },
      ],
    });
    expect(queuesIn(sent())).toEqual(['dead', 'free']);
  });

  it('makes a transaction end in 406 (rule 4.5.28)', async () => {
    const { broker, sent } = givenFullQueues();
    const channel = openChannel(broker);
    channel.selectTx();
    channel.publish(ofClient('free'));
    channel.publish(ofClient('nacks'));

    const { events } = await channel.commit();

    expect(events).toEqual([
      { method: 'channel.close', reply_code: 406, reply_text: 'PRECONDITION_FAILED - partial tx completion' },
    ]);
    expect(queuesIn(sent())).toEqual(['free']);
  });

  it('goes in where RabbitMQ would drop the oldest for it: nothing is dropped here', async () => {
    const { broker, sent } = givenFullQueues();

    expect(await broker.publish([to('drops')])).toMatchObject([{ confirm: 'ack' }]);
    expect(queuesIn(sent())).toEqual(['drops']);
  });
});

describe('a message for a full queue with reject-publish-dlx', () => {
  it('is nacked and dead-lettered as maxlen, with the death RabbitMQ notes (rules 4.6.1, 4.6.7, 4.6.9)', async () => {
    const { broker, sent } = givenFullQueues();

    const [published] = await broker.publish([
      to('buries', { properties: { message_id: 'event-1', expiration: '9' } }),
    ]);

    expect(published).toMatchObject({
      confirm: 'nack',
      queues: [{ queue: 'buries', reason: 'it is full (x-max-length 1); dead-lettered as maxlen to dead' }],
    });
    const [letter, ...others] = sent();
    expect(others).toEqual([]);
    expect(letter?.queue).toBe('dead');
    expect(decoded(letter?.one)).toEqual({
      vhost: '/',
      exchange: 'over',
      routingKeys: ['buries'],
      properties: { message_id: 'event-1' },
      headers: {
        'x-death': [
          {
            count: 1,
            reason: 'maxlen',
            queue: 'buries',
            time: 10,
            exchange: '',
            'routing-keys': ['buries'],
            'original-expiration': '9',
          },
        ],
        'x-first-death-reason': 'maxlen',
        'x-first-death-queue': 'buries',
        'x-first-death-exchange': '',
        'x-last-death-reason': 'maxlen',
        'x-last-death-queue': 'buries',
        'x-last-death-exchange': '',
      },
      payload: '{"n":1}',
      payloadEncoding: 'string',
    });
  });

  it('is let in as a letter by a queue that is full itself: nobody would hear that it refused', async () => {
    const { broker, sent, reads } = givenFullQueues();

    await broker.publish([to('buries')]);

    expect(queuesIn(sent())).toEqual(['dead']);
    expect(reads).toEqual(['buries']);
  });

  it.each([
    ['without a dead-letter exchange', 'mute', 'it is full (x-max-length 1)'],
    [
      'that dead-letters to itself (rules 4.6.14, 4.6.16)',
      'itself',
      'it is full (x-max-length 1); no queue takes its letter',
    ],
    [
      'whose dead-letter exchange is missing (rule 4.6.6)',
      'lost',
      'it is full (x-max-length 1); no queue takes its letter',
    ],
  ])('is nacked, and that is all, for a queue %s', async (_, name, reason) => {
    const { broker, sent } = givenFullQueues();

    expect(await broker.publish([to(name)])).toMatchObject([{ confirm: 'nack', queues: [{ queue: name, reason }] }]);
    expect(sent()).toEqual([]);
  });

  it('is nacked, and its publisher told, when its letter is not stored either', async () => {
    const { broker } = givenFullQueues({ '/|dead': [refused] });

    expect(await broker.publish([to('buries')])).toMatchObject([
      { confirm: 'nack', queues: [{ reason: 'it is full (x-max-length 1); its letter may not be stored' }] },
    ]);
  });

  it('takes its body along, wherever that lies', async () => {
    const { broker, sent, claims } = givenFullQueues();

    await broker.publish([to('buries', { payload: 'x'.repeat(1_048_577) })]);

    expect(claims.puts).toHaveLength(1);
    expect(queuesIn(sent())).toEqual(['dead']);
  });

  it('goes through a delay queue if that is where letters go', async () => {
    const delayed = topology({
      queues: [
        queue('buries', {
          ...limited,
          overflow: 'reject-publish-dlx',
          deadLetterExchange: '',
          deadLetterRoutingKey: 'again',
        }),
        queue('again', { messageTtl: 5_000, deadLetterExchange: '', deadLetterRoutingKey: 'free', delayQueue: true }),
        queue('free'),
      ],
    });
    const { broker, sent } = givenFullQueues({}, delayed);

    await broker.publish([to('buries')]);

    expect(sent()).toMatchObject([{ queue: 'free', one: { DelaySeconds: 5 } }]);
    expect(decoded(sent()[0]?.one)?.headers['x-death']).toMatchObject([
      { queue: 'again', reason: 'expired' },
      { queue: 'buries', reason: 'maxlen' },
    ]);
  });
});

describe('what no publisher waits for', () => {
  it('goes into a full queue: a letter, and a message whose time has come', async () => {
    const { broker, sent, reads } = givenFullQueues();

    expect(await broker.republish(to('nacks'))).toMatchObject({ confirm: 'ack' });
    const kept = { message: to('nacks'), dueAt: 1, delayMs: 1_000_000 };
    expect(await broker.resume({ ...kept, next: { step: 'store', queue: 'nacks' } })).toMatchObject({ confirm: 'ack' });

    expect(queuesIn(sent())).toEqual(['nacks', 'nacks']);
    expect(reads).toEqual([]);
  });

  it('goes into a full queue when it is published to wait: nobody knows how full that will be', async () => {
    const { broker, sent, reads } = givenFullQueues();

    expect(await broker.publish([to('wait')])).toMatchObject([{ confirm: 'ack' }]);

    expect(sent()).toMatchObject([{ queue: 'nacks', one: { DelaySeconds: 5 } }]);
    expect(reads).toEqual([]);
  });
});

describe('how often depths are read', () => {
  it('is never for queues without a limit they refuse by', async () => {
    const { broker, reads } = givenFullQueues();

    await broker.publish(Array.from({ length: 100 }, () => [to('free'), to('drops')]).flat());

    expect(reads).toEqual([]);
  });

  it('is once for a hundred messages to a queue with one, and once for each such queue', async () => {
    const { broker, reads } = givenFullQueues();

    await broker.publish(Array.from({ length: 100 }, () => [to('nacks'), to('late'), to('free')]).flat());

    expect(reads.sort()).toEqual(['late', 'nacks']);
  });
});

describe('a hundred messages for a queue with room for one', () => {
  it('are one ack and 99 nacks, in the order they were published', async () => {
    const room = topology({ queues: [queue('q', { type: 'classic', maxLength: 2, overflow: 'reject-publish' })] });
    const { broker, sent } = givenFullQueues({}, room);

    const published = await broker.publish(Array.from({ length: 100 }, (_, at) => to('q', { payload: String(at) })));

    expect(published.map(({ confirm }) => confirm)).toEqual(['ack', ...Array(99).fill('nack')]);
    expect(published[0]?.queues).toEqual([{ queue: 'q', ...stored }]);
    expect(sent().map(({ one }) => one.MessageBody)).toEqual(['0']);
  });
});
