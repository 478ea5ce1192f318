import { CfnParameter, Duration } from 'aws-cdk-lib';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { DAY, l1, wellFormedApp } from './well-formed-app.ts';

/** 49.7 days of delay, 4 in the queue, 14 in its dead-letter queue. */
const needed = 68;

function appWithBodies(days: number | undefined) {
  const parts = wellFormedApp();
  const bucket = new Bucket(parts.stateful, 'Bodies', {
    ...(days !== undefined && { lifecycleRules: [{ expiration: Duration.days(days) }] }),
  });
  parts.fn.addEnvironment('CLAIM_BUCKET', bucket.bucketName);
  return { ...parts, bucket, cfnBucket: l1(bucket, CfnBucket.isCfnBucket) };
}

const refusal = (problem: unknown) => [{ rule: 'Warren-ClaimLife', path: 'Stateful/Bodies/Resource', problem }];

describe('the life of bodies in S3', () => {
  it('is long enough a day after the longest way of a message', () => {
    expect(violationsIn(appWithBodies(needed).app)).toEqual([]);
  });

  it('is refused when a message can wait for longer', () => {
    expect(violationsIn(appWithBodies(needed - 1).app)).toEqual([
      {
        rule: 'Warren-ClaimLife',
        path: 'Stateful/Bodies/Resource',
        problem:
          'it deletes bodies after 67 days, but a message can wait for 68 (longest delay, longest retention, longest dead-letter retention)',
        fix: 'set ExpirationInDays above 68, computed from the same config as the retentions',
      },
    ]);
  });

  it('grows with the retention of the longest queue, and of the longest dead-letter queue', () => {
    const longerQueue = appWithBodies(needed);
    longerQueue.cfnQueue.messageRetentionPeriod = 6 * DAY;
    const shorterDlq = appWithBodies(needed - 1);
    shorterDlq.cfnDeadLetterQueue.messageRetentionPeriod = 12 * DAY;

    expect(violationsIn(longerQueue.app)).toContainEqual(
      expect.objectContaining({ rule: 'Warren-ClaimLife', problem: expect.stringContaining('can wait for 70') }),
    );
    expect(violationsIn(shorterDlq.app)).toEqual([]);
  });

  it.each([
    ['there is no rule', undefined, {}],
    [
      'the rule is switched off',
      needed,
      { lifecycleConfiguration: { rules: [{ status: 'Disabled', expirationInDays: 90 }] } },
    ],
    [
      'the rule is about something else',
      needed,
      { lifecycleConfiguration: { rules: [{ status: 'Enabled', prefix: 'x' }] } },
    ],
  ])('is refused when it has no end: %s', (_, days, changes) => {
    const { app, cfnBucket } = appWithBodies(days);
    Object.assign(cfnBucket, changes);

    expect(violationsIn(app)).toMatchObject(refusal(expect.stringContaining('for ever')));
  });

  it('is refused when one of two rules is too short, and when only a deployment knows it', () => {
    const two = appWithBodies(needed);
    two.bucket.addLifecycleRule({ expiration: Duration.days(30) });
    const unknown = appWithBodies(needed);
    const expirationInDays = new CfnParameter(unknown.stateful, 'Days', { type: 'Number' }).valueAsNumber;
    unknown.cfnBucket.lifecycleConfiguration = { rules: [{ status: 'Enabled', expirationInDays }] };

    expect(violationsIn(two.app)).toMatchObject(refusal(expect.stringContaining('after 30 days')));
    expect(violationsIn(unknown.app)).toMatchObject(refusal(expect.stringContaining('not known at synth')));
  });

  it('is not asked of buckets for other things', () => {
    const { app, stateful } = wellFormedApp();
    new Bucket(stateful, 'Reports');

    expect(violationsIn(app)).toEqual([]);
  });
});
