import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { retentionMargin } from '../../lib/config.ts';
import { consumers, watchedByOnCall } from '../../lib/consumers.ts';
import { addressOf, type NamedQueue } from '../../lib/named-queue.ts';
import { sqsQueueName } from '../../rabbitmq/plan/queue-name.ts';
import { alarmsOn } from './support/alarms-on.ts';
import { ofType, resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

describe('on-call hears', () => {
  const resources = synthesise(warrenApp('prod')).flatMap(({ template }) => resourcesIn(template));
  const alarms = ofType(resources, 'AWS::CloudWatch::Alarm');

  it('of every alarm, when it rings and when it is over', () => {
    expect(alarms.length).toBeGreaterThan(0);
    for (const { Properties } of alarms) {
      expect(Properties).toMatchObject({ AlarmActions: [expect.anything()], OKActions: [expect.anything()] });
    }
  });

  it('of messages that wait too long for their consumer or are in flight in great number, and not of those that wait', () => {
    const names = Object.values<NamedQueue>(consumers).map((row) => sqsQueueName('warren-prod', addressOf(row)));

    expect(names.map((name) => alarmsOn(resources, name))).toEqual(
      names.map(() => ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesNotVisible']),
    );
  });

  it('of an outbox that is not relayed for a quarter of an hour', () => {
    expect(alarms.map(({ Properties }) => Properties)).toContainEqual(
      expect.objectContaining({ MetricName: 'IteratorAge', Threshold: Duration.minutes(15).toMilliseconds() }),
    );
  });
});

describe('of messages that end, on-call hears', () => {
  const all = synthesise(warrenApp('prod')).flatMap(({ template }) => resourcesIn(template));
  const alarms = ofType(all, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);

  it.each([['MessagesNeverFinished', 'dead-letters', 'of all that crash their consumer']])(
    '%s of %s: %s',
    (MetricName, service) => {
      expect(alarms).toContainEqual(
        expect.objectContaining({ MetricName, Dimensions: [{ Name: 'service', Value: service }], Threshold: 0 }),
      );
    },
  );

  it('of nothing that is drained where nothing is: the queues are somebody else’s', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'warren-drained-'));
    const file = path.join(folder, 'definitions.json');
    writeFileSync(file, JSON.stringify({ queues: [{ name: 'x' }] }));
    const functions = synthesise(warrenApp('dev', { topology: file })).flatMap(({ template }) =>
      ofType(resourcesIn(template), 'AWS::Lambda::Function'),
    );
    rmSync(folder, { recursive: true });

    expect(
      functions.map(({ Properties }) => Properties['Environment'].Variables.POWERTOOLS_SERVICE_NAME),
    ).not.toContain('dead-letters');
  });
});

describe('of messages that SQS would delete, on-call hears', () => {
  const all = synthesise(warrenApp('prod')).flatMap(({ template }) => resourcesIn(template));

  it('when the sweep fails again and again, long before its margin is used up', () => {
    const [fails] = ofType(all, 'AWS::CloudWatch::Alarm').filter(({ logicalId }) =>
      /^RetentionSweepFails/.test(logicalId),
    );

    expect(fails?.Properties).toMatchObject({ Namespace: 'AWS/Lambda', MetricName: 'Errors', Threshold: 2 });
    expect(fails?.Properties['Period']).toBeLessThan(retentionMargin.toSeconds() / 2);
  });
});

describe('dead-letter queues', () => {
  it('are drained behind each consumer, and behind no other queue', () => {
    const all = synthesise(warrenApp('dev')).flatMap(({ template }) => resourcesIn(template));
    const mappings = ofType(all, 'AWS::Lambda::EventSourceMapping').map(({ Properties }) => JSON.stringify(Properties));
    const names = Object.values<NamedQueue>(consumers).map((row) => sqsQueueName('warren-dev', addressOf(row)));

    const drained = mappings.filter((mapping) => /DeadLettersFunction/.test(mapping));

    expect(drained).toHaveLength(names.length);
    for (const name of names) {
      const logicalId = name.replaceAll('-', '');
      expect(drained.some((mapping) => mapping.includes(`${logicalId}DeadLettersQueue`))).toBe(true);
    }
  });
});

describe('of the outbox, on-call hears', () => {
  const resources = synthesise(warrenApp('prod')).flatMap(({ template }) => resourcesIn(template));
  const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);

  it.each([['OutboxRowsOverdue', 'outbox-sweep', 'of rows that nobody delivers']])(
    '%s of %s: %s',
    (MetricName, service) => {
      expect(alarms).toContainEqual(
        expect.objectContaining({
          Namespace: 'Warren',
          MetricName,
          // As Powertools emits what is counted without dimensions; with any other an alarm would wait for ever.
          Dimensions: [{ Name: 'service', Value: service }],
          Statistic: 'Sum',
          Threshold: 0,
          TreatMissingData: 'notBreaching',
        }),
      );
    },
  );

  it('of a sweep that fails again and again', () => {
    expect(alarms).toContainEqual(
      expect.objectContaining({ Namespace: 'AWS/Lambda', MetricName: 'Errors', Period: 900, Threshold: 4 }),
    );
  });
});

describe('of queues that no function consumes', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warren-on-call-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const topology = path.join(folder, 'definitions.json');
  const watched = watchedByOnCall.map(addressOf);
  writeFileSync(topology, JSON.stringify({ queues: [...watched, { vhost: '/', name: 'work' }] }));
  const resources = synthesise(warrenApp('prod', { topology })).flatMap(({ template }) => resourcesIn(template));

  it('on-call hears of any message where a person must read it, and elsewhere of those that SQS deletes soon', () => {
    expect(watched.map((queue) => alarmsOn(resources, sqsQueueName('warren-prod', queue)))).toEqual(
      watched.map(() => ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible']),
    );
    expect(alarmsOn(resources, 'warren-prod-work')).toEqual(['ApproximateAgeOfOldestMessage']);
  });

  it('that are half a day older than the sweep leaves them, and have half a day left, somebody hears', () => {
    const [old] = ofType(resources, 'AWS::CloudWatch::Alarm').filter(({ logicalId }) => /work.*Old/.test(logicalId));

    expect(old?.Properties['Threshold']).toBe(Duration.days(12.5).toSeconds());
  });

  it('messages are kept for 13 days, a day less than in the dead-letter queue behind', () => {
    const kept = Object.fromEntries(
      ofType(resources, 'AWS::SQS::Queue').map(({ Properties }) => [
        Properties['QueueName'],
        Properties['MessageRetentionPeriod'] / 86_400,
      ]),
    );

    expect(kept).toMatchObject({ 'warren-prod-work': 13, 'warren-prod-work-dlq': 14 });
  });
});
