import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';

/** The message attribute that says by which assignment a message came into its partition. */
export const stampAttribute = 'partition';

const stampSchema = z.object({
  vhost: z.string(),
  exchange: z.string(),
  version: z.int().nonnegative(),
  /** It is a marker: what is before it in its group is all there is of the versions before. */
  marker: z.literal(true).optional(),
});

export type Stamp = z.infer<typeof stampSchema>;

export function stampAttributes(stamp: Stamp): Record<string, MessageAttributeValue> {
  return { [stampAttribute]: { DataType: 'String', StringValue: JSON.stringify(stamp) } };
}

/** Undefined of what did not come through a partitioned exchange. Throws for one that cannot be read. */
export function stampOf({ messageAttributes }: Pick<SQSRecord, 'messageAttributes'>): Stamp | undefined {
  const text = messageAttributes[stampAttribute]?.stringValue;
  return text === undefined ? undefined : stampSchema.parse(JSON.parse(text));
}

/** A marker is nobody's message: whoever finds one where it should not be drops it, and the command sends it again. */
export function isMarker(record: Pick<SQSRecord, 'messageAttributes'>): boolean {
  try {
    return stampOf(record)?.marker === true;
  } catch {
    return false;
  }
}
