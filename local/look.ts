import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { envelopeAttribute } from '../lambdas/shared/broker/envelope.ts';
import { sqsQueueName } from '../rabbitmq/plan/queue-name.ts';
import { clientConfig } from './aws-environment.ts';
import { depth, lookInto } from './observe.ts';
import { runningDeployment } from './running-deployment.ts';

const usage = `npm run look [-- NAME]: what is in the local AWS's queues and tables.

  NAME is a RabbitMQ queue (dead-letters), an SQS queue (warren-local-dead-letters-dlq) or a table's stack output (OutboxTable): its
  messages or items are printed, as JSON, a line each. Messages stay where they are, and count one receive more.
`;

const queuePrefix = 'warren-local';

try {
  const { values, positionals } = parseArgs({ options: { help: { type: 'boolean' } }, allowPositionals: true });
  if (values.help) console.log(usage);
  else await look(positionals[0]);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function look(name: string | undefined): Promise<void> {
  const { endpoint, outputs } = await runningDeployment();
  const config = clientConfig(endpoint);
  const sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(config));
  const queues = await queueUrls(sqs);
  const tables = new Map(Object.entries(outputs).filter(([output]) => output.endsWith('Table')));

  if (name === undefined) {
    for (const [queue, url] of queues) console.log(`${String(await depth(sqs, url)).padStart(6)}  ${queue}`);
    for (const [output, table] of tables)
      console.log(`${String((await items(documents, table)).length).padStart(6)}  ${output}`);
    return;
  }
  const url = queues.get(name) ?? queues.get(sqsQueueName(queuePrefix, { vhost: '/', name }));
  const table = tables.get(name);
  const lines = url ? await messages(sqs, url) : table && (await items(documents, table));
  if (!lines) throw new Error(`No queue and no table is called ${name}: npm run look lists them.`);
  for (const line of lines) console.log(JSON.stringify(line));
}

/** By their SQS names, in order. */
async function queueUrls(sqs: SQSClient): Promise<ReadonlyMap<string, string>> {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ MaxResults: 1000 }));
  return new Map(QueueUrls.map((url): [string, string] => [url.slice(url.lastIndexOf('/') + 1), url]).sort());
}

async function messages(sqs: SQSClient, url: string): Promise<object[]> {
  const found = await lookInto(sqs, url);
  return found.map(({ Body, MessageAttributes, Attributes }) => ({
    receives: Number(Attributes?.ApproximateReceiveCount),
    [envelopeAttribute]: JSON.parse(MessageAttributes?.[envelopeAttribute]?.StringValue ?? 'null'),
    body: Body,
  }));
}

async function items(documents: DynamoDBDocumentClient, table: string): Promise<object[]> {
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: table }));
  return Items;
}
