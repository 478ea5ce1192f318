import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientConfig } from './aws-environment.ts';
import { paths } from './paths.ts';
import { runningDeployment } from './running-deployment.ts';
import { destinationOf, eventsIn, findEvent } from './test-events.ts';

const usage = `npm run send-event -- EVENT: sends a test event to the local AWS that npm start -- --once left up, and shows the answer.

  EVENT is a file of events/, such as publish/unroutable. Its folder names the function: events/outbox-relay/ goes to the one of
  lambdas/outbox-relay, whose name is the stack output OutboxRelayFunction. A file that ends in -item.json, such as orders/order-item,
  is put into the table of that name (OrdersTable).
`;

const events = join(paths.project, 'events');

try {
  const event = readEvent();
  if (event !== undefined) await send(event);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** The event that is asked for; nothing when the command was wrong or asked for help, and has been told so. */
function readEvent(): string | undefined {
  const known = eventsIn(events);
  const list = `There are ${known.join(', ')}.`;
  try {
    const { values, positionals } = parseArgs({ options: { help: { type: 'boolean' } }, allowPositionals: true });
    if (values.help) {
      console.log(`${usage}\n${list}`);
      return undefined;
    }
    const [given, ...more] = positionals;
    if (given === undefined) throw new Error(`Which event? ${list}`);
    if (more.length > 0) throw new Error(`One event at a time, not ${positionals.join(' and ')}.`);
    return findEvent(given, known);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\nnpm run send-event -- --help says more.`);
    process.exitCode = 2;
    return undefined;
  }
}

async function send(event: string): Promise<void> {
  const { endpoint, outputs } = await runningDeployment();
  const { kind, name } = destinationOf(event, outputs);
  const text = readFileSync(join(events, `${event}.json`), 'utf8');
  await (kind === 'table' ? put(endpoint, name, text) : invoke(endpoint, name, text));
}

async function put(endpoint: string, TableName: string, text: string): Promise<void> {
  const dynamoDb = new DynamoDBClient(clientConfig(endpoint));
  await dynamoDb.send(new PutItemCommand({ TableName, Item: JSON.parse(text) }));
  console.log(`The item is in the table ${TableName}.`);
}

async function invoke(endpoint: string, FunctionName: string, Payload: string): Promise<void> {
  const lambda = new LambdaClient(clientConfig(endpoint));
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
  console.log(JSON.stringify(JSON.parse(Buffer.from(answer.Payload ?? []).toString() || 'null'), null, 2));
  if (answer.FunctionError) process.exitCode = 1;
}
