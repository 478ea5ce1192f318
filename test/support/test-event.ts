import { readFileSync } from 'node:fs';
import type { SQSRecord } from 'aws-lambda';

/** The one record of a test event in `events/`, such as `orders/payment`. */
export function testEvent(name: string): SQSRecord {
  const event = JSON.parse(readFileSync(new URL(`../../events/${name}.json`, import.meta.url), 'utf8'));
  return event.Records[0];
}
