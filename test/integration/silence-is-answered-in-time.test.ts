import { createHandler } from '../../lambdas/publish/handler.ts';
import { s3Client, schedulerClient, sqsClient } from '../../lambdas/shared/aws/clients.ts';
import { brokerEnvSchema } from '../../lambdas/shared/broker/env.ts';
import { createSqsBroker } from '../../lambdas/shared/broker/sqs-broker.ts';
import { localEnvironment } from '../../local/aws-environment.ts';
import { analyse } from '../../rabbitmq/analyse.ts';
import { type AwsProxy, startAwsProxy } from '../support/aws-proxy.ts';
import { noDelaysEnv } from '../support/no-delays.ts';
import { noOutbox } from '../support/no-outbox.ts';
import { testDeployment } from '../support/test-deployment.ts';
import { CountingMeter, lambdaContext, silentLog } from '../unit/lambdas/builders.ts';

const timeoutMs = 5_000;

describe('publish, when SQS takes every call and answers none', () => {
  let proxy: AwsProxy;
  beforeAll(async () => {
    proxy = await startAwsProxy(testDeployment().endpoint, () => {});
  });
  afterAll(() => proxy.close());

  it('says before its timeout of each message whether it may be stored', async () => {
    Object.assign(process.env, localEnvironment(proxy.url));
    const { topology } = analyse(JSON.stringify({ queues: [{ vhost: '/', name: 'work', durable: true }] }));
    const env = brokerEnvSchema.parse({
      QUEUE_NAME_PREFIX: 'silent',
      QUEUE_URL_BASE: `${proxy.url}/000000000000/`,
      ...noDelaysEnv,
    });
    const meter = new CountingMeter();
    const aws = { sqs: sqsClient(), scheduler: schedulerClient(), s3: s3Client };
    const broker = createSqsBroker({ env, topology, ...aws, meter, now: () => new Date() });
    const publish = createHandler({ broker, outbox: noOutbox, newEventId: () => 'event', log: silentLog, meter });
    const started = performance.now();

    const { messages } = await publish(
      { messages: Array(30).fill({ exchange: '', routing_key: 'work', payload: 'x' }) },
      lambdaContext(timeoutMs),
    );

    expect(performance.now() - started).toBeLessThan(timeoutMs);
    expect(messages.map(({ confirm }) => confirm)).toEqual([...Array(10).fill('unknown'), ...Array(20).fill('nack')]);
  });
});
