import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Segments } from './segments.ts';

const attributesSchema = z.object({ taken: z.int() });

/** One item for each sequence. One atomic update takes a segment; repeated by the SDK after a lost answer, it takes another, and the first is a gap. */
export function createDynamoDbSegments(client: DynamoDBDocumentClient, TableName: string): Segments {
  return {
    async take(sequence, size) {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName,
          Key: { sequence },
          UpdateExpression: 'ADD taken :size',
          ExpressionAttributeValues: { ':size': size },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      const { taken } = attributesSchema.parse(Attributes);
      return { first: taken - size, size };
    },
    async taken(sequence) {
      const { Item } = await client.send(new GetCommand({ TableName, Key: { sequence }, ConsistentRead: true }));
      return Item ? attributesSchema.parse(Item).taken : 0;
    },
  };
}
