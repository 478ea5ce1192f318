import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { eventsFolder, sendEvent, sentText } from '../bin/warren/events/send-event.ts';
import { eventsIn, findEvent } from '../bin/warren/events/test-events.ts';
import { clientConfig } from './aws-environment.ts';
import { runningDeployment } from './running-deployment.ts';

const usage = `npm run send-event -- EVENT: sends a test event to the local AWS that npm start -- --once left up, and shows the answer.

  EVENT is a file of events/, such as publish/unroutable. Its folder names the function: events/outbox-relay/ goes to the one of
  lambdas/outbox-relay, whose name is the stack output OutboxRelayFunction. A file that ends in -item.json, such as orders/order-item,
  is put into the table of that name (OrdersTable).
`;

try {
  const event = readEvent();
  if (event !== undefined) await send(event);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** The event that is asked for; nothing when the command was wrong or asked for help, and has been told so. */
function readEvent(): string | undefined {
  const known = eventsIn(eventsFolder);
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
  const config = clientConfig(endpoint);
  const sent = await sendEvent(event, {
    lambda: new LambdaClient(config),
    dynamoDb: new DynamoDBClient(config),
    outputs,
  });
  console.log(sentText(sent));
  if (sent.kind === 'function' && sent.failed) process.exitCode = 1;
}
