import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ifItHolds } from '../aws/if-it-holds.ts';
import type { RowKey, RowMarks } from './stored-row.ts';

export interface DynamoDbRowMarksDeps {
  readonly table: string;
  /** How long a relayed row is kept; any other is kept for ever. */
  readonly keepSeconds: number;
  readonly now: () => Date;
}

/** A longer list of queues might not fit beside its message: without it, all of them are sent the row again. */
const mostMissingBytes = 8 * 1024;

export function createDynamoDbRowMarks(client: DynamoDBDocumentClient, deps: DynamoDbRowMarksDeps): RowMarks {
  const mark = async ({ aggregate, event_id }: RowKey, expression: string, values: object = {}): Promise<void> => {
    const update = new UpdateCommand({
      TableName: deps.table,
      Key: { aggregate, event_id },
      UpdateExpression: expression,
      // A row that expired meanwhile must not come back as an empty one.
      ConditionExpression: 'attribute_exists(event_id)',
      ExpressionAttributeValues: { ':now': deps.now().toISOString(), ...values },
    });
    // If not, nothing is left to mark; failing here would hold up whatever comes behind it for ever.
    await ifItHolds(client.send(update));
  };
  return {
    relayed: (key) =>
      mark(key, 'SET relayed_at = :now, expires_at = :expires_at REMOVE pending, undelivered_to', {
        ':expires_at': Math.floor(deps.now().getTime() / 1000) + deps.keepSeconds,
      }),
    left: (key, missing) =>
      Buffer.byteLength(missing.join()) > mostMissingBytes
        ? mark(key, 'SET left_at = :now REMOVE undelivered_to')
        : mark(key, 'SET left_at = :now, undelivered_to = :queues', { ':queues': missing }),
    excepted: (key) => mark(key, 'SET exception_at = :now REMOVE pending'),
  };
}
