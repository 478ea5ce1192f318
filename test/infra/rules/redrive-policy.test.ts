import { CfnParameter } from 'aws-cdk-lib';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { alarmOn, secure, show, wellFormedApp } from './well-formed-app.ts';

describe('the redrive policy', () => {
  it('is required of a queue that is nobody’s dead-letter queue', () => {
    const { app, stateful } = wellFormedApp();

    show(new Queue(stateful, 'Bare', secure));

    expect(violationsIn(app)).toEqual([
      {
        rule: 'Warren-RedrivePolicy',
        path: 'Stateful/Bare/Resource',
        problem: 'RedrivePolicy is not set, and no resource of this app uses the queue as its dead-letter queue',
        fix: 'give it a dead-letter queue of its own, with maxReceiveCount one more than the delivery limit',
      },
    ]);
  });

  it('is not required of the failure destination of a stream, which needs an alarm and encryption like any dead-letter queue', () => {
    const { app, stateful, fn } = wellFormedApp();
    const failures = new Queue(stateful, 'StreamFailures', secure);
    show(failures);
    fn.addEventSourceMapping('Stream', {
      eventSourceArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/orders',
      startingPosition: StartingPosition.LATEST,
      onFailure: new SqsDlq(failures),
    });
    expect(violationsIn(app)).toMatchObject([
      { rule: 'Warren-DeadLetterAlarm', path: 'Stateful/StreamFailures/Resource' },
    ]);

    alarmOn(stateful, 'StreamFailuresAlarm', failures);

    expect(violationsIn(app)).toEqual([]);
  });

  it('is refused when its dead-letter queue is a parameter', () => {
    const { app, stateful, cfnQueue } = wellFormedApp();
    const arn = new CfnParameter(stateful, 'DlqArn').valueAsString;

    cfnQueue.redrivePolicy = { deadLetterTargetArn: arn, maxReceiveCount: 2 };

    expect(violationsIn(app)).toContainEqual({
      rule: 'Warren-RedrivePolicy',
      path: 'Stateful/Orders/Resource',
      problem:
        'the dead-letter queue in RedrivePolicy {"deadLetterTargetArn":{"Ref":"Stateful/DlqArn"},"maxReceiveCount":2} is not known at synth',
      fix: expect.stringContaining('name a dead-letter queue that this app creates'),
    });
  });
});

describe('maxReceiveCount', () => {
  it('is refused at one', () => {
    const { app, cfnQueue, deadLetterQueue } = wellFormedApp();

    cfnQueue.redrivePolicy = { deadLetterTargetArn: deadLetterQueue.queueArn, maxReceiveCount: 1 };

    expect(violationsIn(app)).toEqual([
      {
        rule: 'Warren-MaxReceiveCount',
        path: 'Stateful/Orders/Resource',
        problem: 'maxReceiveCount is 1, so a message is never tried a second time',
        fix: 'set maxReceiveCount to at least 2 (the delivery limit plus one)',
      },
    ]);
  });

  it('passes at two, as text too', () => {
    const { app, cfnQueue, deadLetterQueue } = wellFormedApp();

    cfnQueue.redrivePolicy = { deadLetterTargetArn: deadLetterQueue.queueArn, maxReceiveCount: '2' };

    expect(violationsIn(app)).toEqual([]);
  });

  it('is refused when it is missing', () => {
    const { app, cfnQueue, deadLetterQueue } = wellFormedApp();

    cfnQueue.redrivePolicy = { deadLetterTargetArn: deadLetterQueue.queueArn };

    expect(violationsIn(app)).toMatchObject([
      { rule: 'Warren-MaxReceiveCount', problem: expect.stringContaining('it is not set') },
    ]);
  });
});
