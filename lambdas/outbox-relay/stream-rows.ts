import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { z } from 'zod';
import type { StoredRow } from '../shared/outbox/stored-row.ts';

/** The event is no batch of the outbox table's stream. Names fields, never values. */
export class InvalidStreamEventError extends Error {
  override readonly name = 'InvalidStreamEventError';

  constructor(reason: string) {
    super(`the event cannot be relayed: ${reason}`);
  }
}

const keySchema = z.object({ aggregate: z.string().min(1), event_id: z.string().min(1) });

/** The rows that were put into the table, in the order of its stream. Only their keys are asked for: the table's own schema vouches for those. */
export function rowsIn(event: DynamoDBStreamEvent): StoredRow[] {
  if (!Array.isArray(event?.Records)) throw new InvalidStreamEventError('it has no Records');
  return event.Records.filter(({ eventName }) => eventName === 'INSERT').map(({ dynamodb }) => {
    // The Lambda event and the SDK type the same DynamoDB JSON twice.
    const item = unmarshall((dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>);
    const key = keySchema.safeParse(item);
    if (key.success) return { ...key.data, item };
    throw new InvalidStreamEventError(`row ${dynamodb?.SequenceNumber ?? '?'} has no key of the outbox table`);
  });
}
