import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type BatchGetDeps, batchGet } from '../aws/batch-get.ts';
import type { RowReader } from './stored-row.ts';

const keySchema = z.object({ aggregate: z.string(), event_id: z.string() });

export function createDynamoDbRowReader(client: DynamoDBDocumentClient, deps: BatchGetDeps): RowReader {
  return {
    async load(keys) {
      const items = await batchGet(
        client,
        keys.map(({ aggregate, event_id }) => ({ aggregate, event_id })),
        deps,
      );
      return items.map((item) => ({ ...keySchema.parse(item), item }));
    },
  };
}
