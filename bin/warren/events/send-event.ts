import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { destinationOf } from './test-events.ts';

/** Where the test events lie. */
export const eventsFolder = path.join(import.meta.dirname, '../../../events');

export type Sent =
  | { readonly kind: 'table'; readonly name: string }
  | { readonly kind: 'function'; readonly name: string; readonly answer: unknown; readonly failed: boolean };

export interface SendEventDeps {
  readonly lambda: LambdaClient;
  readonly dynamoDb: DynamoDBClient;
  /** Of all stacks: they name functions and tables. */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Sends a test event such as `publish/unroutable` to its function, and answers what that answered; one that ends in `-item` is put into its
 * table. Throws a `NothingDeployedForEventError`.
 */
export async function sendEvent(event: string, { lambda, dynamoDb, outputs }: SendEventDeps): Promise<Sent> {
  const { kind, name } = destinationOf(event, outputs);
  const text = readFileSync(path.join(eventsFolder, `${event}.json`), 'utf8');
  if (kind === 'table') {
    await dynamoDb.send(new PutItemCommand({ TableName: name, Item: JSON.parse(text) }));
    return { kind, name };
  }
  const { Payload, FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: text }));
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null');
  return { kind, name, answer, failed: FunctionError !== undefined };
}

/** For people. */
export function sentText(sent: Sent): string {
  return sent.kind === 'table' ? `The item is in the table ${sent.name}.` : JSON.stringify(sent.answer, null, 2);
}
