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

/** What is deployed: queues by their SQS names, tables by their outputs. */
interface Deployed {
  readonly sqs: SQSClient;
  readonly documents: DynamoDBDocumentClient;
  readonly queues: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, string>;
}

async function look(name: string | undefined): Promise<void> {
  const { endpoint, outputs } = await runningDeployment();
  const config = clientConfig(endpoint);
  const sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  const deployed = {
    sqs,
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(config)),
    queues: await queueUrls(sqs),
    tables: new Map(Object.entries(outputs).filter(([output]) => output.endsWith('Table'))),
  };
  const lines = name === undefined ? await overview(deployed) : await contents(deployed, name);
  // One write: a reader that stops early, as head does, breaks no second one.
  console.log(lines.join('\n'));
}

async function overview({ sqs, documents, queues, tables }: Deployed): Promise<string[]> {
  const counts: [number, string][] = [];
  for (const [queue, url] of queues) counts.push([await depth(sqs, url), queue]);
  for (const [output, table] of tables) counts.push([(await items(documents, table)).length, output]);
  return counts.map(([count, what]) => `${String(count).padStart(6)}  ${what}`);
}

async function contents({ sqs, documents, queues, tables }: Deployed, name: string): Promise<string[]> {
  const named = sqsQueueName(queuePrefix, { vhost: '/', name });
  const url = queues.get(name) ?? queues.get(named) ?? queues.get(`${named}.fifo`);
  const table = tables.get(name);
  const found = url ? await messagesOf(sqs, url) : table && (await items(documents, table));
  if (!found) throw new Error(`No queue and no table is called ${name}: npm run look lists them.`);
  return found.map((one) => JSON.stringify(one));
}

/** By their SQS names, in order. */
async function queueUrls(sqs: SQSClient): Promise<ReadonlyMap<string, string>> {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ MaxResults: 1000 }));
  return new Map(QueueUrls.map((url): [string, string] => [url.slice(url.lastIndexOf('/') + 1), url]).sort());
}

async function messagesOf(sqs: SQSClient, url: string): Promise<object[]> {
  const found = await lookInto(sqs, url);
  const hidden = (await depth(sqs, url)) - found.length;
  if (hidden > 0)
    console.error(`${hidden} more: a consumer has them in hand, or they are hidden until their next try or their time`);
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
