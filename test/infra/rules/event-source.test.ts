import { CfnParameter, Fn, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventSourceMapping, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { consumerOf, l1, queueWithDlq, wellFormedApp } from './well-formed-app.ts';

describe('an event source mapping', () => {
  it('is refused when its queue is a parameter', () => {
    const { app, stateless, cfnMapping } = wellFormedApp();

    cfnMapping.eventSourceArn = new CfnParameter(stateless, 'QueueArn').valueAsString;

    expect(violationsIn(app)).toEqual([
      {
        rule: 'Warren-EventSource',
        path: 'Stateless/OrdersConsumer/Mapping/Resource',
        problem: 'the event source {"Ref":"Stateless/QueueArn"} is not known at synth',
        fix: expect.stringContaining('consume a queue that this app creates'),
      },
    ]);
  });

  it.each([
    ['an import', Fn.importValue('orders-arn')],
    ['a queue of another app', 'arn:aws:sqs:eu-west-1:111122223333:not-ours'],
  ])('is refused when its queue is %s', (_, eventSourceArn) => {
    const { app, cfnMapping } = wellFormedApp();

    cfnMapping.eventSourceArn = eventSourceArn;

    expect(violationsIn(app)).toMatchObject([
      { rule: 'Warren-EventSource', problem: expect.stringContaining('the event source') },
    ]);
  });

  it('is refused when its function is not in the app', () => {
    const { app, cfnMapping } = wellFormedApp();

    cfnMapping.functionName = 'somebody-elses';

    expect(violationsIn(app)).toMatchObject([
      {
        rule: 'Warren-EventSource',
        path: 'Stateless/OrdersConsumer/Mapping/Resource',
        problem: 'the function "somebody-elses" is not known at synth',
      },
    ]);
  });

  it('is followed to its queue and function however they are written', () => {
    const { app, stateful, stateless, queue, cfnQueue, fn, cfnFunction, cfnMapping } = wellFormedApp();
    cfnQueue.visibilityTimeout = 1;
    cfnQueue.queueName = 'orders';
    cfnFunction.functionName = 'orders-consumer';
    const seen = () => violationsIn(app).map(({ rule }) => rule);

    for (const functionName of [
      fn.functionName,
      fn.functionArn,
      fn.addAlias('live').functionArn,
      fn.currentVersion.functionArn,
      'orders-consumer',
      'arn:aws:lambda:eu-west-1:111122223333:function:orders-consumer:live',
      Fn.ref(stateless.resolve(cfnFunction.logicalId)),
      LambdaFunction.fromFunctionArn(stateless, 'Imported', fn.functionArn).functionName,
    ]) {
      cfnMapping.functionName = functionName;
      expect(seen()).toEqual(['Warren-VisibilityTimeout']);
    }
    for (const eventSourceArn of [
      queue.queueArn,
      `arn:aws:sqs:${stateful.region}:${stateful.account}:${queue.queueName}`,
      stateful.formatArn({ service: 'sqs', resource: 'orders' }),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's placeholders
      Fn.sub('arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:orders'),
      Queue.fromQueueArn(stateless, 'ImportedQueue', queue.queueArn).queueArn,
    ]) {
      cfnMapping.eventSourceArn = eventSourceArn;
      expect(seen()).toEqual(['Warren-VisibilityTimeout']);
    }
  });

  it('takes the queue of its own stage where two stages use one name', () => {
    const { app } = wellFormedApp();
    const stageWithNamedQueue = (id: string): CfnQueue => {
      const stage = new Stage(app, id);
      const { queue } = queueWithDlq(new Stack(stage, 'Queues'), 'Named');
      const { mapping } = consumerOf(new Stack(stage, 'Functions'), 'Named', queue);
      const cfnQueue = l1(queue, CfnQueue.isCfnQueue);
      cfnQueue.queueName = 'named';
      l1(mapping, CfnEventSourceMapping.isCfnEventSourceMapping).eventSourceArn =
        'arn:aws:sqs:eu-west-1:111122223333:named';
      return cfnQueue;
    };
    stageWithNamedQueue('Dev');

    stageWithNamedQueue('Prod').visibilityTimeout = 1;

    expect(violationsIn(app)).toMatchObject([
      { path: 'Prod/Queues/Named/Resource', problem: expect.stringContaining('Prod/Functions/NamedConsumer/Resource') },
    ]);
  });
});
