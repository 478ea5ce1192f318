import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { consumers } from '../../lib/consumers.ts';
import { stages } from '../../lib/stages.ts';
import { folderOf } from './support/function-resources.ts';
import { givenQueue } from './support/givens.ts';
import {
  emptyStack,
  ofType,
  resourcesIn,
  synthesise,
  warrenApp,
  withoutBuiltInValidation,
} from './support/warren-app.ts';

withoutBuiltInValidation();

const page = readFileSync(path.join(import.meta.dirname, '../../docs/operations.md'), 'utf8');

/** As GitHub makes them of headings. */
const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-'),
);

const resourcesOf = (...args: Parameters<typeof warrenApp>) =>
  synthesise(warrenApp(...args)).flatMap(({ template }) => resourcesIn(template));

describe.each(stages)('every alarm of stage %s', (stage) => {
  const alarms = ofType(resourcesOf(stage), 'AWS::CloudWatch::Alarm');

  it('says who is hurt, and names a heading of docs/operations.md that is there', () => {
    const written = alarms.map(({ Properties }) =>
      /^(.+) What to do: docs\/operations\.md#(.+)$/.exec(Properties['AlarmDescription']),
    );

    expect(alarms.length).toBeGreaterThan(10);
    for (const [, impact = '', anchor] of written.map((match) => match ?? [])) {
      expect(impact.length).toBeGreaterThan(30);
      expect(anchors).toContain(anchor);
    }
  });

  it('says it in as many characters as CloudWatch takes', () => {
    const lengths = alarms.map(({ Properties }) => Properties['AlarmDescription'].length);

    expect(Math.max(...lengths)).toBeLessThanOrEqual(1024);
  });
});

describe('what SQS lets be in flight', () => {
  it.each([
    ['a standard queue', {}, 96_000],
    ['a FIFO queue, by the lower cap of China’s regions', { singleActiveConsumer: true }, 16_000],
  ])('rings at 80 %% of the cap for %s', (_what, queue, threshold) => {
    const stack = emptyStack();
    givenQueue(stack, queue);

    const [alarm] = ofType(resourcesIn(Template.fromStack(stack)), 'AWS::CloudWatch::Alarm').filter(({ logicalId }) =>
      /InFlight/.test(logicalId),
    );
    expect(alarm?.Properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesNotVisible',
      Statistic: 'Maximum',
      Threshold: threshold,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    });
  });
});

describe('a queue whose retention stands for its TTL', () => {
  it('does not ring when its messages grow old: going is what they are meant to do', () => {
    const stack = emptyStack();
    givenQueue(stack, { messageTtl: Duration.hours(2).toMilliseconds() });

    const alarms = ofType(resourcesIn(Template.fromStack(stack)), 'AWS::CloudWatch::Alarm');
    expect(alarms.filter(({ logicalId }) => /Old/.test(logicalId))).toEqual([]);
  });
});

describe('a throttled function', () => {
  const resources = resourcesOf('prod');

  it('rings after a quarter of an hour, if it reads a queue of the topology or sends delayed messages on', () => {
    const throttled = ofType(resources, 'AWS::CloudWatch::Alarm').filter(
      ({ Properties }) => Properties['MetricName'] === 'Throttles',
    );
    const functions = new Map(ofType(resources, 'AWS::Lambda::Function').map((one) => [one.logicalId, folderOf(one)]));

    expect(throttled.map(({ Properties }) => functions.get(Properties['Dimensions'][0].Value.Ref)).sort()).toEqual(
      [...Object.keys(consumers), 'dead-letters', 'delayed-publish'].sort(),
    );
    for (const { Properties } of throttled) {
      expect(Properties).toMatchObject({ Namespace: 'AWS/Lambda', Period: 300, EvaluationPeriods: 3, Threshold: 0 });
    }
  });
});

describe('queues of Warren’s own', () => {
  it('ring when their messages wait too long: delayed ones, and those for the group chat', () => {
    const late = ofType(resourcesOf('prod'), 'AWS::CloudWatch::Alarm').filter(({ logicalId }) =>
      /^(Delayed|OnCallWebhook)Late/.test(logicalId),
    );

    expect(late.map(({ Properties }) => [Properties['MetricName'], Properties['Threshold']])).toEqual([
      ['ApproximateAgeOfOldestMessage', 3600],
      ['ApproximateAgeOfOldestMessage', 1800],
    ]);
  });
});
