import type { Fields } from '../../../../../lambdas/shared/table-moves/fields.ts';
import { createKeyMapping } from '../../../../../lambdas/shared/table-moves/key-mapping.ts';
import { type MoveStep, routeOf } from '../../../../../lambdas/shared/table-moves/move.ts';
import { routed, WritesClosedError } from '../../../../../lambdas/shared/table-moves/routed-commands.ts';
import type { FindRoute } from '../../../../../lambdas/shared/table-moves/routes.ts';
import { rejectionOf } from '../../builders.ts';

const keys = { source: ['id'], target: [{ name: 'pk', from: 'item#{id}' }] };

const at =
  (step: MoveStep): FindRoute =>
  async (name) =>
    name === 'items'
      ? {
          ...routeOf({ step }),
          table: 'Items',
          sourceName: 'items',
          targetName: 'moved',
          mapping: createKeyMapping(keys),
        }
      : undefined;

const get = { TableName: 'items', Key: { id: '1' } };
const put = { TableName: 'items', Item: { id: '1', text: 'a' } };

describe('a command about a table that moves', () => {
  it.each(['stopped', 'copying'] as const)('is sent as it is while the move is %s', async (step) => {
    expect((await routed('GetItemCommand', get, at(step)))?.input).toEqual(get);
    expect((await routed('PutItemCommand', put, at(step)))?.input).toEqual(put);
  });

  it('reads both while the source is written, for the source is believed', async () => {
    expect(await routed('GetItemCommand', get, at('reading'))).toMatchObject({
      input: { TableName: 'moved', Key: { pk: 'item#1' } },
      against: get,
    });
  });

  it.each(['QueryCommand', 'ScanCommand', 'BatchGetItemCommand'])(
    'reads the source alone while that is written, of many items: %s',
    async (command) => {
      const input =
        command === 'BatchGetItemCommand'
          ? { RequestItems: { items: { Keys: [{ id: '1' }] } } }
          : { TableName: 'items' };

      for (const step of ['reading', 'closing'] as const)
        expect((await routed(command, input, at(step)))?.input ?? input).toEqual(input);
    },
  );

  it.each(['written', 'done'] as const)(
    'is sent to the target when the move is %s, and answered as if nothing had moved',
    async (step) => {
      const read = await routed('GetItemCommand', get, at(step));

      expect(read).toMatchObject({ input: { TableName: 'moved', Key: { pk: 'item#1' } } });
      expect(read).not.toHaveProperty('against');
      expect(read?.toAnswer({ Item: { pk: 'item#1', ...put.Item } })).toEqual({ Item: put.Item });
      expect((await routed('PutItemCommand', put, at(step)))?.input).toEqual({
        TableName: 'moved',
        Item: { ...put.Item, pk: 'item#1' },
      });
    },
  );

  it.each(['closing', 'returning'] as const)(
    'writes nothing while the move is %s, alone or in a transaction',
    async (step) => {
      const TransactItems = [{ Put: { TableName: 'others', Item: {} } }, { Put: put }];

      for (const [command, input] of [
        ['PutItemCommand', put],
        ['TransactWriteItemsCommand', { TransactItems }],
      ] as const)
        expect(await rejectionOf(routed(command, input, at(step)))).toBeInstanceOf(WritesClosedError);
    },
  );

  it('keeps what a transaction does elsewhere', async () => {
    const other = { Put: { TableName: 'others', Item: { id: '2' } } };

    const sent = await routed('TransactWriteItemsCommand', { TransactItems: [other, { Put: put }] }, at('written'));

    expect(sent?.input).toEqual({
      TransactItems: [other, { Put: { TableName: 'moved', Item: { ...put.Item, pk: 'item#1' } } }],
    });
  });

  it('goes on from page to page by keys of the source, of an index too', async () => {
    const query = { TableName: 'items', IndexName: 'Agenda', ExclusiveStartKey: { id: '1', agenda: 'x' } };

    const sent = await routed('QueryCommand', query, at('written'));

    expect(sent?.input).toMatchObject({ TableName: 'moved', ExclusiveStartKey: { pk: 'item#1', agenda: 'x' } });
    expect(
      sent?.toAnswer({ Items: [{ pk: 'item#2', id: '2' }], LastEvaluatedKey: { pk: 'item#2', agenda: 'x' } }),
    ).toEqual({
      Items: [{ id: '2' }],
      LastEvaluatedKey: { id: '2', agenda: 'x' },
    });
  });

  it('that updates an item gives it its key at the source, for it may be new', async () => {
    const update = { TableName: 'items', Key: { id: '1' }, UpdateExpression: 'SET #a = :a REMOVE b' };

    expect((await routed('UpdateItemCommand', update, at('written')))?.input).toEqual({
      TableName: 'moved',
      Key: { pk: 'item#1' },
      UpdateExpression: 'SET #sourceKey0 = :sourceKey0, #a = :a REMOVE b',
      ExpressionAttributeNames: { '#sourceKey0': 'id' },
      ExpressionAttributeValues: { ':sourceKey0': '1' },
    });
  });

  it('is about no table that moves: it is left alone', async () => {
    expect(await routed('GetItemCommand', { TableName: 'others', Key: {} }, at('written'))).toBeUndefined();
  });

  it.each<[string, (table: string) => Fields]>([
    ['ExecuteStatementCommand', (table) => ({ Statement: `SELECT * FROM "${table}" WHERE id = '1'` })],
    ['BatchWriteItemCommand', (table) => ({ RequestItems: { others: [], [table]: [{ PutRequest: { Item: {} } }] } })],
    ['TransactGetItemsCommand', (table) => ({ TransactItems: [{ Get: { TableName: table, Key: { id: '1' } } }] })],
    ['BatchGetItemCommand', (table) => ({ RequestItems: { others: { Keys: [] }, [table]: { Keys: [] } } })],
  ])('that nobody knows how to route is refused, wherever it names the table: %s', async (command, about) => {
    expect(String(await rejectionOf(routed(command, about('items'), at('written'))))).toContain(
      'nobody knows how to route',
    );
    expect(await routed(command, about('another'), at('written'))).toBeUndefined();
  });
});
