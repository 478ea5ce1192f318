import { DescribeTableCommand, type DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb';
import type { DeclaredMove } from '../shared/table-moves/env.ts';

/** What of the two tables is not as the move is declared. */
export async function schemaProblems(
  client: DynamoDBClient,
  { keys, sourceName, targetName }: DeclaredMove,
): Promise<string[]> {
  const tables = await Promise.all([sourceName, targetName].map((name) => described(client, name)));
  const [source, target] = tables;
  return [
    ...keyProblems(source, keys.source),
    ...keyProblems(
      target,
      keys.target.map(({ name }) => name),
    ),
    ...tables.flatMap(streamProblems),
  ];
}

/** How many items a table had some hours ago. */
export async function roughCount(client: DynamoDBClient, name: string): Promise<number | undefined> {
  return (await described(client, name))?.ItemCount;
}

async function described(client: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> {
  return (await client.send(new DescribeTableCommand({ TableName }))).Table;
}

/** Without images each change would be followed as if the item had been deleted. */
function streamProblems(table: TableDescription | undefined): string[] {
  const { StreamEnabled, StreamViewType } = table?.StreamSpecification ?? {};
  if (!StreamEnabled) return [`${table?.TableName} has no stream: deploy the stateful stack`];
  const hasImages = StreamViewType === 'NEW_IMAGE' || StreamViewType === 'NEW_AND_OLD_IMAGES';
  return hasImages ? [] : [`the stream of ${table?.TableName} has ${StreamViewType}, and NEW_IMAGE is needed`];
}

function keyProblems(table: TableDescription | undefined, declared: readonly string[]): string[] {
  const has = (table?.KeySchema ?? []).map(({ AttributeName }) => AttributeName).join(', ');
  const wants = declared.join(', ');
  return has === wants ? [] : [`${table?.TableName} has the key ${has}, and the declared one is ${wants}`];
}
