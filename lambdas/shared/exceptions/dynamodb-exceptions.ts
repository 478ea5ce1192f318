import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import { type Exceptions, mostContentBytes, type NewException } from './exceptions.ts';

export interface DynamoDbExceptionsDeps {
  readonly table: string;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

/** Of an error's words: they are for people. */
const longestText = 2000;

/** One row per event id, source and digest. `ExceptionsOpened` counts new ones that wait for somebody: by source and reason, and all of a function together, for its alarm. */
export function createDynamoDbExceptions(client: DynamoDBDocumentClient, deps: DynamoDbExceptionsDeps): Exceptions {
  return {
    async open(exception) {
      const { eventId, source, reason, error, state = 'open' } = exception;
      const { Attributes } = await client.send(updateOf(exception, deps));
      const isNew = Attributes?.['occurrences'] === undefined;
      if (isNew && state === 'open') {
        deps.meter.count('ExceptionsOpened', { source, reason });
        deps.meter.count('ExceptionsOpened');
      }
      deps.log.warn('exception', { eventId, source, reason, error: error.name, isNew });
    },
  };
}

function updateOf(exception: NewException, { table, now }: DynamoDbExceptionsDeps): UpdateCommand {
  const time = now().toISOString();
  const { eventId, source, contentDigest, reason, error, aggregate, state = 'open' } = exception;
  // The first content stays, whatever comes later under the same event id; the rest tells of the last occurrence.
  const kept = { created_at: time, aggregate, ...contentOf(exception) };
  const last = {
    state,
    reason,
    error_name: error.name,
    error_message: error.message.slice(0, longestText),
    last_at: time,
  };
  const entries = [...Object.entries(kept), ...Object.entries(last)].filter(([, value]) => value !== undefined);
  const assignments = entries.map(([name]) =>
    name in kept ? `#${name} = if_not_exists(#${name}, :${name})` : `#${name} = :${name}`,
  );
  return new UpdateCommand({
    TableName: table,
    Key: { event_id: eventId, source: contentDigest === undefined ? source : `${source} ${contentDigest}` },
    UpdateExpression: `SET ${assignments.join(', ')} ADD occurrences :one`,
    ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(entries.map(([name, value]) => [`:${name}`, value])),
      ':one': 1,
    },
    ReturnValues: 'UPDATED_OLD',
  });
}

function contentOf({ body, envelope, envelopeKey }: NewException) {
  const bytes = Buffer.byteLength(body ?? '') + Buffer.byteLength(envelope ?? '');
  return bytes <= mostContentBytes ? { body, amqp: envelope, amqp_key: envelopeKey } : {};
}
