import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { tagValue } from '../../../lib/constructs/queue-with-dead-letters.ts';
import type { Queue } from '../../../rabbitmq/topology.ts';
import { givenQueue } from '../support/givens.ts';
import { emptyStack, ofType, resourcesIn, withoutBuiltInValidation } from '../support/warren-app.ts';

withoutBuiltInValidation();

describe('a RabbitMQ queue', () => {
  it('becomes an SQS queue and a dead-letter queue of its own, both encrypted, kept and reached by TLS only', () => {
    const stack = emptyStack();
    const { queue, deadLetters } = givenQueue(stack, {}, Duration.seconds(66));

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SQS::Queue', 2);
    template.allResources('AWS::SQS::Queue', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'shop-test-refunds',
      MessageRetentionPeriod: 2 * 86_400,
      VisibilityTimeout: 66,
      RedrivePolicy: { deadLetterTargetArn: stack.resolve(deadLetters.queue.queueArn) },
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'shop-test-refunds-dlq',
      MessageRetentionPeriod: 9 * 86_400,
    });
    for (const { queueUrl } of [queue, deadLetters.queue]) {
      template.hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [stack.resolve(queueUrl)],
        PolicyDocument: { Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }] },
      });
    }
  });

  it.each<[string, Partial<Queue>, number]>([
    ['its delivery limit and one more', { deliveryLimit: 4 }, 5],
    ['2 times with the least limit', { deliveryLimit: 1 }, 2],
    ['as often as configured when the queue has no limit', { type: 'classic' }, 7],
  ])('hands a message out %s before the dead-letter queue takes it', (_, queue, maxReceiveCount) => {
    const stack = emptyStack();
    givenQueue(stack, queue);

    Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: { maxReceiveCount } });
  });

  it('is a FIFO queue, and its dead-letter queue too, when one consumer at a time may read it', () => {
    const stack = emptyStack();
    givenQueue(stack, { singleActiveConsumer: true });

    const template = Template.fromStack(stack);
    for (const QueueName of ['shop-test-refunds.fifo', 'shop-test-refunds-dlq.fifo']) {
      template.hasResourceProperties('AWS::SQS::Queue', { QueueName, FifoQueue: true });
    }
  });

  it('keeps messages as long as its TTL says, where nothing is dead-lettered', () => {
    const stack = emptyStack();
    givenQueue(stack, { messageTtl: 120_000 });

    Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 120 });
  });

  it('leaves the visibility timeout to SQS when no function consumes it', () => {
    const stack = emptyStack();
    givenQueue(stack);

    for (const { Properties } of ofType(resourcesIn(Template.fromStack(stack)), 'AWS::SQS::Queue')) {
      expect(Properties).not.toHaveProperty('VisibilityTimeout');
    }
  });

  it('keeps its name and vhost as tags on both queues, whatever SQS calls them', () => {
    const stack = emptyStack();
    givenQueue(stack, { vhost: 'eu/shop', name: '退款.refunds' });

    const queues = ofType(resourcesIn(Template.fromStack(stack)), 'AWS::SQS::Queue');
    expect(queues).toHaveLength(2);
    for (const { Properties } of queues) {
      expect(Properties['QueueName']).toMatch(/^shop-test-eu-shop-refunds-[0-9a-f]{10}(-dlq)?$/);
      expect(Properties['Tags']).toEqual([
        { Key: 'rabbitmq:queue', Value: '退款.refunds' },
        { Key: 'rabbitmq:vhost', Value: 'eu/shop' },
      ]);
    }
  });
});

describe('the tag with the RabbitMQ name', () => {
  it.each([
    ['orders.payments', 'orders.payments'],
    ['支付 queue/a_b:c+d-e@f', '支付 queue/a_b:c+d-e@f'],
    ['a#b', 'a=23b'],
    ['a=b', 'a=3Db'],
    ['tab\there', 'tab=09here'],
    ['😀', '=F0=9F=98=80'],
  ])('%j is %j, which AWS takes, and no other name has', (name, value) => {
    expect(tagValue(name)).toBe(value);
    expect(tagValue(name)).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
  });
});
