import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { clientConfig, LOCAL_ACCOUNT } from './aws-environment.ts';
import { readOutputs } from './deploy.ts';
import { connect, type Deployment } from './deployment.ts';
import { runningEndpoint } from './emulator.ts';
import { paths } from './paths.ts';

const usage = `npm run send-event -- EVENT: sends a test event to the local AWS that npm start -- --once left up, and shows the answer.

  EVENT is a file of events/, such as publish/unroutable or orders/payment; orders/order-item puts the order they are about
`;

/** Folder in events/ → the stack output that names its function. */
const functions = {
  publish: 'PublishFunction',
  orders: 'OrdersFunction',
  'outbox-relay': 'OutboxRelayFunction',
} as const satisfies Record<string, keyof Deployment['outputs']>;

const [event] = process.argv.slice(2);
const known = Object.keys(functions).flatMap((folder) =>
  readdirSync(join(paths.project, 'events', folder)).map((file) => `${folder}/${file.replace(/\.json$/, '')}`),
);
if (event === undefined || !known.includes(event)) {
  console.error(`${usage}\nThere are: ${known.join(', ')}`);
  process.exitCode = event === '--help' ? 0 : 2;
} else {
  await send(event);
}

async function send(name: string): Promise<void> {
  const outputs = join(paths.cdk, `${LOCAL_ACCOUNT}.outputs.json`);
  const endpoint = await runningEndpoint();
  if (endpoint === undefined || !existsSync(outputs)) {
    console.error('Nothing is deployed locally. Run: npm start -- --once');
    process.exitCode = 1;
    return;
  }
  const deployment = connect(endpoint, readOutputs(outputs));
  const text = readFileSync(join(paths.project, 'events', `${name}.json`), 'utf8');
  if (name === 'orders/order-item') {
    await deployment.documents.send(
      new PutCommand({ TableName: deployment.outputs.OrdersTable, Item: unmarshall(JSON.parse(text)) }),
    );
    console.log('The order is in the table.');
    return;
  }
  const [folder = ''] = name.split('/');
  const output = Object.entries(functions).find(([one]) => one === folder)?.[1] ?? 'PublishFunction';
  const lambda = new LambdaClient(clientConfig(endpoint));
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: deployment.outputs[output], Payload: text }),
  );
  console.log(JSON.stringify(JSON.parse(Buffer.from(Payload ?? []).toString() || 'null'), null, 2));
  if (FunctionError) process.exitCode = 1;
}
