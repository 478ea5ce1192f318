import { Duration } from 'aws-cdk-lib';
import { retentionMargin } from '../../lib/config.ts';
import { QueueWithDeadLetters } from '../../lib/constructs/queue-with-dead-letters.ts';
import { marginOf } from '../../lib/retention-margin.ts';
import { sweptQueues } from '../../lib/swept-queues.ts';
import type { Queue } from '../../rabbitmq/topology.ts';
import { givenQueue } from './support/givens.ts';
import {
  emptyStack,
  ofType,
  resourcesIn,
  synthesise,
  type TemplateResource,
  warrenApp,
  withoutBuiltInValidation,
} from './support/warren-app.ts';

withoutBuiltInValidation();

const day = 86_400;

/** Two days of retention, nine in the dead-letter queue. */
const sweptOf = (queue: Partial<Queue> = {}) => sweptQueues([givenQueue(emptyStack(), queue)]);

describe('what the sweep takes out', () => {
  it('is older than the retention of its queue but for a day, or a quarter of it', () => {
    expect(marginOf(Duration.days(13)).toSeconds()).toBe(retentionMargin.toSeconds());
    expect(marginOf(Duration.days(4)).toSeconds()).toBe(day);
    expect(marginOf(Duration.days(2)).toSeconds()).toBe(day / 2);
    expect(sweptOf()).toEqual([
      {
        sqsName: 'shop-test-refunds',
        queue: { vhost: '/', name: 'refunds' },
        retentionSeconds: 2 * day,
        sweepAfterSeconds: 1.5 * day,
        isDeadLetterQueue: false,
        dropsExpired: true,
      },
      {
        sqsName: 'shop-test-refunds-dlq',
        queue: { vhost: '/', name: 'refunds' },
        retentionSeconds: 9 * day,
        sweepAfterSeconds: 8 * day,
        isDeadLetterQueue: true,
        dropsExpired: true,
      },
    ]);
  });

  it('is of FIFO queues too', () => {
    expect(sweptOf({ singleActiveConsumer: true }).map(({ sqsName }) => sqsName)).toEqual([
      'shop-test-refunds.fifo',
      'shop-test-refunds-dlq.fifo',
    ]);
  });

  it('is not what retention ends in the place of a TTL, but what died before in such a queue', () => {
    const names = (queue: Partial<Queue>) => sweptOf(queue).map(({ sqsName }) => sqsName);

    expect(names({ messageTtl: 3_600_000 })).toEqual(['shop-test-refunds-dlq']);
    // SQS keeps nothing for thirty days: what it deletes before is not over its TTL.
    expect(names({ messageTtl: 30 * day * 1000 })).toEqual(['shop-test-refunds', 'shop-test-refunds-dlq']);
  });

  it('is nobody’s task when it has expired, unless its queue has a dead-letter exchange', () => {
    const [swept] = sweptOf({ messageTtl: 3_600_000, deadLetterExchange: 'dead' });

    expect(swept).toMatchObject({ sqsName: 'shop-test-refunds', dropsExpired: false, sweepAfterSeconds: 1.5 * day });
  });
});

describe('the retention sweep', () => {
  const app = warrenApp('prod');
  const resources = synthesise(app).flatMap(({ template }) => resourcesIn(template));

  it('runs once an hour, and is over before the next', () => {
    const [rule] = ofType(resources, 'AWS::Events::Rule').filter(isOfSweep);
    const [fn] = ofType(resources, 'AWS::Lambda::Function').filter(isOfSweep);

    expect(rule?.Properties).toMatchObject({ ScheduleExpression: 'rate(1 hour)', State: 'ENABLED' });
    expect(fn?.Properties['Timeout']).toBeLessThan(3_600);
  });

  it('knows each queue of the topology by the name and the retention it is deployed with', () => {
    const queues = app.node.findAll().filter((one) => one instanceof QueueWithDeadLetters);
    const deployed = ofType(resources, 'AWS::SQS::Queue').filter(({ Properties }) => Properties['QueueName']);

    expect(
      sweptQueues(queues)
        .map(({ sqsName, retentionSeconds }) => [sqsName, retentionSeconds])
        .sort(),
    ).toEqual(deployed.map(({ Properties }) => [Properties['QueueName'], Properties['MessageRetentionPeriod']]).sort());
  });
});

function isOfSweep({ logicalId }: TemplateResource): boolean {
  return logicalId.startsWith('RetentionSweep');
}
