import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Opened } from '../shared/notices/notice-changes.ts';

/** The event is no batch of a table's stream. */
export class InvalidStreamEventError extends Error {
  override readonly name = 'InvalidStreamEventError';

  constructor() {
    super('the event tells of no exceptions: it has no Records');
  }
}

/**
 * The rows that were not open before this change, and are now. Only what a notice says is taken out of them; a row that lacks something of it,
 * because somebody put it by hand, is told all the same: it must not stop its shard.
 */
export function openedIn(event: DynamoDBStreamEvent): Opened[] {
  if (!Array.isArray(event?.Records)) throw new InvalidStreamEventError();
  return event.Records.filter(({ dynamodb }) => {
    return dynamodb?.NewImage?.['state']?.S === 'open' && dynamodb.OldImage?.['state']?.S !== 'open';
  }).map(openedOf);
}

function openedOf({ dynamodb }: DynamoDBRecord): Opened {
  const { NewImage = {}, ApproximateCreationDateTime = 0 } = dynamodb ?? {};
  const text = (name: string): string | undefined => NewImage[name]?.S || undefined;
  return {
    event_id: text('event_id') ?? '',
    source: text('source') ?? '',
    fingerprint: text('fingerprint') ?? 'none',
    place: text('place') ?? text('source') ?? 'an unknown place',
    error_name: text('error_name') ?? 'an unknown error',
    impact: text('impact'),
    business_key: text('business_key'),
    at: text('last_at') ?? new Date(ApproximateCreationDateTime * 1000).toISOString(),
  };
}
