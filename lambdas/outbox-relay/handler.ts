import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { Message } from '../../rabbitmq/message.ts';
import { ChannelError } from '../../rabbitmq/publishing/channel-error.ts';
import type { Broker } from '../shared/broker/broker.ts';
import type { Published } from '../shared/broker/dispatch.ts';
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

/** The event is no batch of the outbox table's stream. Names fields, never values. */
export class InvalidStreamEventError extends Error {
  override readonly name = 'InvalidStreamEventError';

  constructor(reason: string) {
    super(`the event cannot be relayed: ${reason}`);
  }
}

/** New outbox rows, in stream order → broker → mark. At least once: the stream moves on only past rows that are stored. */
export function createHandler({ broker, marks, log, meter }: HandlerDeps) {
  return async (event: DynamoDBStreamEvent): Promise<void> => {
    if (!Array.isArray(event?.Records)) throw new InvalidStreamEventError('it has no Records');
    const rows = event.Records.filter(({ eventName }) => eventName === 'INSERT').map(rowOf);
    const left: string[] = [];
    for (const [row, outcome] of await relayInOrder(rows)) {
      if (outcome === 'relayed') await marks.relayed(row);
      if (outcome === 'unroutable') await marks.unroutable(row);
      if (outcome === 'left') left.push(row.event_id);
      meter.count('OutboxRows', { outcome });
      log.info('outbox row', { eventId: row.event_id, outcome });
    }
    // Thrown, not answered as batch item failures: a stream must stop at the first row that is left, and the batch is small.
    if (left.length > 0) throw new RelayIncompleteError(left);
  };

  /** The first row of each aggregate, then the second of each, …: behind a row that is left, its aggregate waits. */
  async function relayInOrder(rows: readonly OutboxRow[]): Promise<[OutboxRow, Outcome][]> {
    const done: [OutboxRow, Outcome][] = [];
    const waiting = new Set<string>();
    for (const wave of wavesOf(rows)) {
      const next = wave.filter(({ aggregate }) => !waiting.has(aggregate));
      const outcomes = new Map(next.length > 0 ? await relay(next) : []);
      for (const row of wave) {
        const outcome = outcomes.get(row) ?? 'left';
        if (outcome === 'left') waiting.add(row.aggregate);
        done.push([row, outcome]);
      }
    }
    return done;
  }

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

/** The nth wave is the nth row of every aggregate. */
function wavesOf(rows: readonly OutboxRow[]): OutboxRow[][] {
  const waves: OutboxRow[][] = [];
  for (const ofOne of Map.groupBy(rows, ({ aggregate }) => aggregate).values()) {
    for (const [at, row] of ofOne.entries()) {
      waves[at] ??= [];
      waves[at].push(row);
    }
  }
  return waves;
}

function rowOf({ dynamodb }: DynamoDBStreamEvent['Records'][number]): OutboxRow {
  // The Lambda event and the SDK type the same DynamoDB JSON twice.
  const parsed = outboxRowSchema.safeParse(unmarshall((dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the row'}: ${message}`);
  throw new InvalidStreamEventError(`row ${dynamodb?.SequenceNumber ?? '?'} is no outbox row: ${problems.join(', ')}`);
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
