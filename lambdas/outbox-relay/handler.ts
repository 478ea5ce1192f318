import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { Message } from '../../rabbitmq/message.ts';
import { ChannelError } from '../../rabbitmq/publishing/channel-error.ts';
import type { Broker, Published } from '../shared/broker/broker.ts';
import { type OutboxRow, outboxRowSchema } from '../shared/outbox/outbox-row.ts';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';

/** Remembers what became of a row. A mark that is lost only means that the row is relayed again, with the same event id. */
export interface OutboxMarks {
  relayed(row: OutboxRow): Promise<void>;
  /** No queue is bound for it: the row stays, for somebody to look at. */
  unroutable(row: OutboxRow): Promise<void>;
}

export interface HandlerDeps {
  readonly broker: Broker;
  readonly marks: OutboxMarks;
  readonly log: Log;
  readonly meter: Meter;
}

/** Some rows were not stored in every queue. The stream hands the batch over again; rows that were stored come twice, with the same event id. */
export class RelayIncompleteError extends Error {
  override readonly name = 'RelayIncompleteError';

  constructor(eventIds: readonly string[]) {
    super(`${eventIds.length} outbox rows are not relayed yet: ${eventIds.join(', ')}`);
  }
}

/** New outbox rows, in stream order → broker → mark. At least once: the stream moves on only past rows that are stored. */
export function createHandler({ broker, marks, log, meter }: HandlerDeps) {
  return async (event: DynamoDBStreamEvent): Promise<void> => {
    const rows = event.Records.filter(({ eventName }) => eventName === 'INSERT').map(rowOf);
    const left: string[] = [];
    for (const [row, outcome] of await relay(rows)) {
      if (outcome === 'relayed') await marks.relayed(row);
      if (outcome === 'unroutable') await marks.unroutable(row);
      if (outcome === 'left') left.push(row.event_id);
      meter.count('OutboxRows', { outcome });
      log.info('outbox row', { eventId: row.event_id, outcome });
    }
    // Thrown, not answered as batch item failures: a stream must stop at the first row that is left, and the batch is small.
    if (left.length > 0) throw new RelayIncompleteError(left);
  };

  async function relay(rows: readonly OutboxRow[]): Promise<[OutboxRow, Outcome][]> {
    try {
      const published = await broker.publish(rows.map(toMessage));
      return rows.map((row, at) => [row, outcomeOf(published[at])]);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      const [only, ...others] = rows;
      if (only && others.length === 0) return [[only, 'unroutable']];
      // One row names an exchange that cannot take it: the others must not wait for it.
      const oneByOne: [OutboxRow, Outcome][] = [];
      for (const row of rows) oneByOne.push(...(await relay([row])));
      return oneByOne;
    }
  }
}

type Outcome = 'relayed' | 'unroutable' | 'left';

function outcomeOf(published: Published | undefined): Outcome {
  if (published?.confirm !== 'ack') return 'left';
  return published.queues.length > 0 ? 'relayed' : 'unroutable';
}

function rowOf({ dynamodb }: DynamoDBStreamEvent['Records'][number]): OutboxRow {
  // The Lambda event and the SDK type the same DynamoDB JSON twice.
  return outboxRowSchema.parse(unmarshall((dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>));
}

function toMessage(row: OutboxRow): Message {
  return {
    vhost: row.vhost,
    exchange: row.exchange,
    routingKeys: [row.routing_key],
    properties: {
      message_id: row.event_id,
      content_type: 'application/json',
      type: row.type,
      timestamp: Math.floor(Date.parse(row.created_at) / 1000),
    },
    headers: {},
    payload: row.payload,
    payloadEncoding: 'string',
  };
}
