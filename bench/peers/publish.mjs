// Other producers, asked to store the same messages in the same queues. Plain JavaScript: their packages are no part of the project.
import { SQSClient } from '@aws-sdk/client-sqs';
import { AbstractSqsPublisher } from '@message-queue-toolkit/sqs';
import { Producer } from 'sqs-producer';
import { z } from 'zod';

const [, , config] = process.argv;
const { endpoint, queueUrls, messages, peer } = JSON.parse(config);
const sqs = new SQSClient({
  endpoint,
  region: 'us-east-1',
  useQueueUrlAsEndpoint: false,
  credentials: { accessKeyId: '000000000000', secretAccessKey: 'test' },
});

const peers = {
  async 'sqs-producer'(queueUrl) {
    const producer = new Producer({ queueUrl, sqs });
    await producer.send(Array.from({ length: messages }, (_, at) => ({ id: String(at), body: 'x' })));
  },
  async '@message-queue-toolkit/sqs'(queueUrl) {
    const schema = z.object({ id: z.string(), type: z.literal('bench'), timestamp: z.string() });
    class Publisher extends AbstractSqsPublisher {}
    const logger = { info() {}, warn() {}, error() {}, debug() {}, trace() {}, fatal() {}, child: () => logger };
    const publisher = new Publisher(
      { sqsClient: sqs, logger, errorReporter: { report() {} }, transactionObservabilityManager: undefined },
      {
        locatorConfig: { queueUrl },
        messageSchemas: [schema],
        messageTypeResolver: { messageTypePath: 'type' },
        messageTimestampField: 'timestamp',
        handlerSpy: false,
        logMessages: false,
      },
    );
    for (let at = 0; at < messages; at++) {
      await publisher.publish({ id: String(at), type: 'bench', timestamp: new Date().toISOString() });
    }
  },
};
for (const queueUrl of queueUrls) await peers[peer](queueUrl);
