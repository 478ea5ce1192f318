import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { alarmAbove } from './alarm-above.ts';
import type { OnCall } from './on-call.ts';

/** Only WeChat Pay can cause these: the signature was right. Each is a payment that gets no further until somebody mends our side. */
const signedButRefused = {
  decryption: 'cannot be decrypted: the APIv3 key in the secret is not the one of the merchant portal',
  'not-ours': 'name an mchid or appid that is not in the secret',
  malformed: 'have a shape this version does not read',
} as const;

/** Anybody can send an unknown serial: a few are scanners, more of them are a key of WeChat Pay's that the secret lacks. */
const strangeSerials = 4;

/** On-call hears of notifications that were not stored, and of payments that were refused for what is wrong on our side. */
export function notifyAlarms(scope: Construct, api: HttpApi, onCall: OnCall): void {
  const lost = 'WeChat Pay tries each one 15 times in 24 hours, then never again.';
  const fails = alarmAbove(scope, 'NotifyFails', {
    metric: api.metricServerError({ statistic: 'Sum', period: Duration.minutes(5) }),
    threshold: 0,
    impact: `Payment notifications were not stored (HTTP 5xx): ${lost}`,
  });
  onCall.hearsOf(fails);
  for (const [reason, what] of Object.entries(signedButRefused)) {
    const refused = alarmAbove(scope, `NotifyRefused-${reason}`, {
      metric: refusedFor(reason),
      threshold: 0,
      impact: `Notifications that WeChat Pay signed ${what}: ${lost}`,
    });
    onCall.hearsOf(refused);
  }
  const unknownSerial = alarmAbove(scope, 'NotifyRefused-unknown-serial', {
    metric: refusedFor('unknown-serial'),
    threshold: strangeSerials,
    impact: `Notifications name a Wechatpay-Serial that is not in the secret: a new key of WeChat Pay's, or somebody probing. If it is a key, ${lost}`,
  });
  onCall.hearsOf(unknownSerial);
}

/** As `wechat-pay-notify` counts it (EMF): Powertools adds the function's name as `service`. */
function refusedFor(reason: string): Metric {
  return new Metric({
    namespace: 'Warren',
    metricName: 'NotificationsRefused',
    dimensionsMap: { service: 'wechat-pay-notify', reason },
    statistic: 'Sum',
    period: Duration.minutes(15),
  });
}
