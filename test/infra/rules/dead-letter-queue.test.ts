import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { secure, show, wellFormedApp } from './well-formed-app.ts';

describe('a dead-letter queue', () => {
  it('is refused when two source queues share it', () => {
    const { app, stateless, deadLetterQueue } = wellFormedApp();

    show(new Queue(stateless, 'Other', { ...secure, deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 3 } }));

    expect(violationsIn(app)).toEqual([
      {
        rule: 'Warren-OneSourceQueue',
        path: 'Stateful/OrdersDlq/Resource',
        problem: 'it is the dead-letter queue of 2 queues: Stateful/Orders/Resource, Stateless/Other/Resource',
        fix: 'give each source queue a dead-letter queue of its own',
      },
    ]);
  });

  it('is refused when it is standard and its source queue FIFO', () => {
    const { app, cfnQueue } = wellFormedApp();

    cfnQueue.fifoQueue = true;

    expect(violationsIn(app)).toEqual([
      {
        rule: 'Warren-DeadLetterQueueType',
        path: 'Stateful/OrdersDlq/Resource',
        problem: 'it is standard, but its source queue Stateful/Orders/Resource is FIFO',
        fix: 'make the dead-letter queue FIFO (FifoQueue true)',
      },
    ]);
  });

  it('is refused when it is FIFO and its source queue standard', () => {
    const { app, cfnDeadLetterQueue } = wellFormedApp();

    cfnDeadLetterQueue.fifoQueue = true;

    expect(violationsIn(app)).toMatchObject([
      {
        rule: 'Warren-DeadLetterQueueType',
        problem: expect.stringContaining('it is FIFO'),
        fix: 'make the dead-letter queue standard (FifoQueue not set)',
      },
    ]);
  });

  it('passes when both are FIFO', () => {
    const { app, cfnQueue, cfnDeadLetterQueue } = wellFormedApp();

    cfnQueue.fifoQueue = true;
    cfnDeadLetterQueue.fifoQueue = true;

    expect(violationsIn(app)).toEqual([]);
  });
});

describe('the retention of a dead-letter queue', () => {
  const refusal = (dead: Duration, source: Duration) => ({
    rule: 'Warren-DeadLetterRetention',
    path: 'Stateful/OrdersDlq/Resource',
    problem:
      `the dead-letter queue keeps messages ${dead.toSeconds()} s, not longer than its source queue ` +
      `Stateful/Orders/Resource (${source.toSeconds()} s), and the time in the source counts`,
    fix: 'set MessageRetentionPeriod of the dead-letter queue to 1209600 s (14 days) and that of its source lower',
  });

  it('is refused when it equals that of the source queue', () => {
    const { app, cfnDeadLetterQueue } = wellFormedApp();

    cfnDeadLetterQueue.messageRetentionPeriod = Duration.days(4).toSeconds();

    expect(violationsIn(app)).toEqual([refusal(Duration.days(4), Duration.days(4))]);
  });

  it('passes one second above', () => {
    const { app, cfnDeadLetterQueue } = wellFormedApp();

    cfnDeadLetterQueue.messageRetentionPeriod = Duration.days(4).toSeconds() + 1;

    expect(violationsIn(app)).toEqual([]);
  });

  it('is four days when none is set, on both ends', () => {
    const { app, cfnQueue, cfnDeadLetterQueue } = wellFormedApp();

    cfnQueue.messageRetentionPeriod = undefined;
    cfnDeadLetterQueue.messageRetentionPeriod = undefined;

    expect(violationsIn(app)).toEqual([refusal(Duration.days(4), Duration.days(4))]);
  });
});
