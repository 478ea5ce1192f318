import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { OutboxRow } from '../shared/outbox/outbox-row.ts';
import type { OutboxMarks } from './handler.ts';

export interface OutboxMarksOptions {
  readonly table: string;
  /** How long a relayed row is kept; an unroutable one is kept for ever. */
  readonly keepSeconds: number;
  readonly now: () => Date;
}

export function createDynamoDbOutboxMarks(client: DynamoDBDocumentClient, options: OutboxMarksOptions): OutboxMarks {
  const mark = async ({ aggregate, event_id }: OutboxRow, expression: string, values: object): Promise<void> => {
    const update = new UpdateCommand({
      TableName: options.table,
      Key: { aggregate, event_id },
      UpdateExpression: expression,
      // A row that expired meanwhile must not come back as an empty one.
      ConditionExpression: 'attribute_exists(event_id)',
      ExpressionAttributeValues: { ':now': options.now().toISOString(), ...values },
    });
    try {
      await client.send(update);
    } catch (error) {
      // Nothing is left to mark; failing here would hold up the stream for ever.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };
  return {
    relayed: (row) =>
      mark(row, 'SET relayed_at = :now, expires_at = :expires_at', {
        ':expires_at': Math.floor(options.now().getTime() / 1000) + options.keepSeconds,
      }),
    unroutable: (row) => mark(row, 'SET unroutable_at = :now', {}),
  };
}
