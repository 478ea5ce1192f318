import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Circuits } from '../../../lib/constructs/circuits.ts';
import { Exceptions } from '../../../lib/constructs/exceptions.ts';
import { QueueConsumer, visibilityTimeoutFor } from '../../../lib/constructs/queue-consumer.ts';
import type { Queue } from '../../../rabbitmq/topology.ts';
import { noDelaysEnv } from '../../support/no-delays.ts';
import { emptyTopology, givenOnCall, givenQueue } from '../support/givens.ts';
import { allowedIn, emptyStack, ofType, resourcesIn, withoutBuiltInValidation } from '../support/warren-app.ts';

withoutBuiltInValidation();

describe('a consumer', () => {
  it('receives from its queue in batches, and answers which records failed', () => {
    const { template, stack, source } = givenConsumer();

    const [mapping, ...others] = ofType(resourcesIn(template), 'AWS::Lambda::EventSourceMapping');
    expect(others).toEqual([]);
    expect(mapping?.Properties).toMatchObject({
      EventSourceArn: stack.resolve(source.queue.queueArn),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BatchSize: 8,
      ScalingConfig: { MaximumConcurrency: 3 },
    });
  });

  it('learns its limits, its retry delays and its tables, besides what the caller gave', () => {
    const { template, stack, table, exceptions, circuits } = givenConsumer();

    template.hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 640,
      Timeout: 12,
      Environment: {
        Variables: {
          QUEUE_NAME_PREFIX: 'shop-test',
          QUEUE_URL_BASE: 'https://sqs.example.com/1/',
          ...noDelaysEnv,
          REFUNDS_TABLE: 'refunds',
          IDEMPOTENCY_TABLE: stack.resolve(table.tableName),
          IDEMPOTENCY_EXPIRES_AFTER_SECONDS: String(20 * 86_400),
          EXCEPTIONS_TABLE: stack.resolve(exceptions.tableName),
          EXCEPTIONS_KEEP_SECONDS: String(30 * 86_400),
          KEEP_AFTER_SECONDS: String(1.5 * 86_400),
          DELIVERY_LIMIT: '6',
          RETRY_MIN_SECONDS: '0',
          RETRY_MAX_SECONDS: '600',
          CONSUMER: 'publish',
          CIRCUITS_TABLE: stack.resolve(circuits.tableName),
          CIRCUIT_OPENS_AFTER: '7',
          CIRCUIT_FIRST_PROBE_SECONDS: '120',
          POWERTOOLS_SERVICE_NAME: 'publish',
        },
      },
    });
  });

  it('may do to its log group, its queue, its idempotency table, the exceptions and the circuits what it must, and no more', () => {
    const { template, stack, source, table, exceptions, circuits } = givenConsumer();

    const resources = resourcesIn(template);
    const [group] = ofType(resources, 'AWS::Logs::LogGroup');
    const allowed = allowedIn(resources).map(({ Action, Resource }) => [Resource, [Action].flat().sort()]);
    expect(allowed).toEqual(
      expect.arrayContaining([
        [{ 'Fn::GetAtt': [group?.logicalId, 'Arn'] }, ['logs:CreateLogStream', 'logs:PutLogEvents']],
        [stack.resolve(source.queue.queueArn), queueActions],
        [stack.resolve(table.tableArn), tableActions],
        [stack.resolve(exceptions.tableArn), ['dynamodb:UpdateItem']],
        [stack.resolve(circuits.tableArn), ['dynamodb:GetItem', 'dynamodb:PutItem']],
      ]),
    );
    expect(allowed).toHaveLength(5);
  });

  it('may read a FIFO queue, whose order the record loop keeps', () => {
    const { template } = givenConsumer({ singleActiveConsumer: true });

    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('has its queue hide a message for six times its own timeout', () => {
    expect(visibilityTimeoutFor(Duration.minutes(2)).toSeconds()).toBe(720);
  });
});

const queueActions = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];
const tableActions = ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

function givenConsumer(queue: Partial<Queue> = {}) {
  const stack = emptyStack();
  const table = new TableV2(stack, 'Idempotency', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  const exceptions = new TableV2(stack, 'Exceptions', {
    partitionKey: { name: 'event_id', type: AttributeType.STRING },
  });
  const circuits = new TableV2(stack, 'Circuits', { partitionKey: { name: 'source', type: AttributeType.STRING } });
  const source = givenQueue(stack, queue);
  new QueueConsumer(stack, 'Consumer', {
    folder: 'publish',
    source,
    topology: emptyTopology,
    logRetention: RetentionDays.ONE_WEEK,
    config: {
      memoryMiB: 640,
      timeout: Duration.seconds(12),
      batchSize: 8,
      maxConcurrency: 3,
      lateAfter: Duration.hours(1),
      retryMin: Duration.seconds(0),
      retryMax: Duration.minutes(10),
    },
    idempotency: { table, expiresAfter: Duration.days(20) },
    circuits: new Circuits(circuits, {
      opensAfter: 7,
      firstProbe: Duration.minutes(2),
      longestProbe: Duration.minutes(30),
    }),
    exceptions: new Exceptions(exceptions, { keepResolved: Duration.days(30) }),
    onCall: givenOnCall(stack, 'ExceptionsOnCall'),
    environment: {
      QUEUE_NAME_PREFIX: 'shop-test',
      QUEUE_URL_BASE: 'https://sqs.example.com/1/',
      ...noDelaysEnv,
      REFUNDS_TABLE: 'refunds',
    },
  });
  return { stack, source, table, exceptions, circuits, template: Template.fromStack(stack) };
}
