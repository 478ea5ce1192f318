import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { createKeyMapping } from '../../../../../lambdas/shared/table-moves/key-mapping.ts';
import { type MoveStep, routeOf } from '../../../../../lambdas/shared/table-moves/move.ts';
import { movedTables, route } from '../../../../../lambdas/shared/table-moves/moved-tables.ts';
import { silentLog } from '../../builders.ts';

const keys = { source: ['id'], target: [{ name: 'pk', from: 'item#{id}' }] };

/** A client whose calls are answered here, by the table's name; all are kept. */
function given(step: MoveStep, answers: Readonly<Record<string, object>>) {
  const asked: unknown[] = [];
  const requestHandler = {
    async handle({ body }: { body: Uint8Array }) {
      const input = JSON.parse(new TextDecoder().decode(body));
      asked.push(input);
      const answer = new TextEncoder().encode(JSON.stringify(answers[input.TableName] ?? {}));
      const { HttpResponse } = await import('@smithy/core/protocols');
      return { response: new HttpResponse({ statusCode: 200, headers: {}, body: answer }) };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1', credentials, requestHandler }));
  const mapping = createKeyMapping(keys);
  const found = { ...routeOf({ step }), table: 'Items', sourceName: 'items', targetName: 'moved', mapping };
  route(client, async (name) => (name === 'items' ? found : undefined), silentLog);
  const read = async () => (await client.send(new GetCommand({ TableName: 'items', Key: { id: '1' } }))).Item;
  return { read, asked };
}

const [one, other] = [
  { Item: { id: { S: '1' }, text: { S: 'source' } } },
  { Item: { id: { S: '1' }, pk: { S: 'item#1' }, text: { S: 'target' } } },
];

describe('a document client of a table that moves', () => {
  it('reads at the target, and tells nothing of the key there', async () => {
    const { read, asked } = given('written', { moved: other });

    expect(await read()).toEqual({ id: '1', text: 'target' });
    expect(asked).toEqual([{ TableName: 'moved', Key: { pk: { S: 'item#1' } } }]);
  });

  it('believes the source while that is written, whatever the target says', async () => {
    const { read, asked } = given('reading', { items: one, moved: other });

    expect(await read()).toEqual({ id: '1', text: 'source' });
    expect(asked).toHaveLength(2);
  });

  it('is the client it was where no move is declared', () => {
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1' }));

    expect(movedTables(client, {}, { log: silentLog, clock: () => 0 })).toBe(client);
  });
});
