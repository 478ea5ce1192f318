import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import {
  createHandler,
  InvalidStreamEventError,
  RelayIncompleteError,
} from '../../../../lambdas/outbox-relay/handler.ts';
import type { Broker } from '../../../../lambdas/shared/broker/broker.ts';
import type { Published } from '../../../../lambdas/shared/broker/dispatch.ts';
import type { OutboxRow } from '../../../../lambdas/shared/outbox/outbox-row.ts';
import type { Message } from '../../../../rabbitmq/message.ts';
import { ChannelError } from '../../../../rabbitmq/publishing/channel-error.ts';
import { CountingMeter, silentLog } from '../builders.ts';
import { stored, unknownIn, unroutable } from '../fake-broker.ts';

/** `a1` is row 1 of aggregate a. */
const row = (id: string, changes: Partial<OutboxRow> = {}): OutboxRow => ({
  event_id: id,
  aggregate: id.slice(0, 1),
  vhost: '/',
  exchange: 'orders',
  routing_key: 'order.paid',
  type: 'order.paid',
  payload: '{}',
  created_at: '2026-11-23T02:00:00.000Z',
  ...changes,
});

const eventOf = (...rows: object[]) =>
  ({
    Records: rows.map((one, at) => ({
      eventName: 'INSERT',
      dynamodb: {
        SequenceNumber: `${at}`,
        NewImage: marshall(one, { removeUndefinedValues: true }) as Record<string, AttributeValue>,
      },
    })),
  }) as DynamoDBStreamEvent;

/** A broker that answers by event id, and remembers which were published together. */
class BrokerByEvent implements Broker {
  readonly calls: (string | undefined)[][] = [];
  private readonly answers: Readonly<Record<string, Published | Error>>;

  constructor(answers: Readonly<Record<string, Published | Error>> = {}) {
    this.answers = answers;
  }

  async publish(messages: readonly Message[]): Promise<Published[]> {
    const ids = messages.map(({ properties }) => properties.message_id ?? '');
    this.calls.push(ids);
    return ids.map((id) => {
      const answer = this.answers[id] ?? stored('q');
      if (answer instanceof Error) throw answer;
      return answer;
    });
  }

  republish(): Promise<Published> {
    throw new Error('Not implemented');
  }
}

async function relay(broker: BrokerByEvent, event: DynamoDBStreamEvent) {
  const marked: string[] = [];
  const handler = createHandler({
    broker,
    marks: {
      relayed: async ({ event_id }) => void marked.push(`${event_id} relayed`),
      unroutable: async ({ event_id }) => void marked.push(`${event_id} unroutable`),
    },
    log: silentLog,
    meter: new CountingMeter(),
  });
  const error = await handler(event).catch((thrown: unknown) => thrown);
  return { marked, error };
}

describe('the rows of an aggregate', () => {
  it('are published one after the other, side by side with those of other aggregates', async () => {
    const broker = new BrokerByEvent();

    const { marked, error } = await relay(broker, eventOf(row('a1'), row('a2'), row('b1'), row('a3')));

    expect(error).toBeUndefined();
    expect(broker.calls).toEqual([['a1', 'b1'], ['a2'], ['a3']]);
    expect(marked.toSorted()).toEqual(['a1 relayed', 'a2 relayed', 'a3 relayed', 'b1 relayed']);
  });

  it('wait behind one that may not be stored; the others go on, and the stream hands over what is left', async () => {
    const broker = new BrokerByEvent({ a2: unknownIn('q') });

    const { marked, error } = await relay(
      broker,
      eventOf(...['a1', 'a2', 'a3', 'b1', 'b2', 'b3'].map((id) => row(id))),
    );

    expect(broker.calls).toEqual([['a1', 'b1'], ['a2', 'b2'], ['b3']]);
    expect(marked.toSorted()).toEqual(['a1 relayed', 'b1 relayed', 'b2 relayed', 'b3 relayed']);
    expect(error).toEqual(new RelayIncompleteError(['a2', 'a3']));
  });

  it('do not wait behind one that no queue is bound for, or that names no exchange', async () => {
    const gone = new ChannelError(404, "no exchange 'gone' in vhost '/'");
    const broker = new BrokerByEvent({ a1: unroutable, b1: gone });

    const { marked, error } = await relay(broker, eventOf(row('a1'), row('b1'), row('a2'), row('b2')));

    expect(error).toBeUndefined();
    expect(marked.toSorted()).toEqual(['a1 unroutable', 'a2 relayed', 'b1 unroutable', 'b2 relayed']);
  });
});

describe('an event that is no batch of the outbox', () => {
  it.each<[string, unknown, string]>([
    ['nothing at all', undefined, 'it has no Records'],
    ['an empty object', {}, 'it has no Records'],
    ['a row without a payload', eventOf({ ...row('a1'), payload: undefined }), 'row 0 is no outbox row: payload: '],
    ['a row of another day’s format', eventOf({ ...row('a1'), created_at: 'yesterday' }), 'created_at: '],
  ])('is refused, saying why: %s', async (_, event, why) => {
    const broker = new BrokerByEvent();
    const { error } = await relay(broker, event as DynamoDBStreamEvent);

    expect(error).toBeInstanceOf(InvalidStreamEventError);
    expect((error as Error).message).toContain(why);
    expect(broker.calls).toEqual([]);
  });
});
