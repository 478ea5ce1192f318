import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Outbox } from '../outbox/outbox.ts';
import { sagaRowSchema } from './saga-row.ts';
import type { SagaStore } from './saga-store.ts';

export function createDynamoDbSagaStore(client: DynamoDBDocumentClient, outbox: Outbox, TableName: string): SagaStore {
  return {
    async find(out_trade_no) {
      const { Item } = await client.send(new GetCommand({ TableName, Key: { out_trade_no }, ConsistentRead: true }));
      return Item && sagaRowSchema.parse(Item);
    },
    async mark(out_trade_no, mark, at, first) {
      const Item = { out_trade_no, marks: { [mark]: at } };
      const ConditionExpression = 'attribute_not_exists(out_trade_no)';
      const { outcome } = await outbox.write([first], [{ Put: { TableName, Item, ConditionExpression } }]);
      if (outcome === 'written') return;
      await client.send(
        new UpdateCommand({
          TableName,
          Key: { out_trade_no },
          UpdateExpression: 'SET marks.#mark = if_not_exists(marks.#mark, :at)',
          ExpressionAttributeNames: { '#mark': mark },
          ExpressionAttributeValues: { ':at': at },
        }),
      );
    },
    async tell({ out_trade_no, told: before }, told, next) {
      const was = before
        ? { condition: 'told.#last = :before', values: { ':before': before.last }, names: { '#last': 'last' } }
        : { condition: 'attribute_exists(out_trade_no) AND attribute_not_exists(told)', values: {}, names: undefined };
      const { outcome } = await outbox.write(
        [next],
        [
          {
            Update: {
              TableName,
              Key: { out_trade_no },
              UpdateExpression: 'SET told = :told',
              ConditionExpression: was.condition,
              ExpressionAttributeNames: was.names,
              ExpressionAttributeValues: { ':told': told, ...was.values },
            },
          },
        ],
      );
      return outcome === 'written';
    },
  };
}
