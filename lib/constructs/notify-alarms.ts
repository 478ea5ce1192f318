import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import { alarmAbove } from './alarm-above.ts';
import { alarmWithout } from './alarm-without.ts';
import { countedBy } from './counted-by.ts';
import type { OnCall } from './on-call.ts';

/** Only WeChat Pay can cause these: the signature was right. Each is a payment that gets no further until somebody mends our side. */
const signedButRefused = {
  decryption: 'cannot be decrypted: the APIv3 key in the secret is not the one of the merchant portal',
  'not-ours': 'name an mchid or appid that is not in the secret',
  malformed: 'have a shape this version does not read',
} as const;

/** Anybody can send an unknown serial: a few are scanners, more of them are a key of WeChat Pay's that the secret lacks. */
const strangeSerials = 4;

const service = 'wechat-pay-notify';
const runbook = '#payment-notifications-do-not-get-in';

export interface NotifyAlarmsProps {
  readonly api: HttpApi;
  readonly onCall: OnCall;
  readonly silentFor: Duration | undefined;
}

/** On-call hears of notifications that were not stored, of payments that were refused for what is wrong on our side, and of silence. */
export function notifyAlarms(scope: Construct, { api, onCall, silentFor }: NotifyAlarmsProps): void {
  const lost = 'WeChat Pay tries each one 15 times in 24 hours, then never again.';
  const fails = alarmAbove(scope, 'NotifyFails', {
    metric: api.metricServerError({ statistic: 'Sum', period: Duration.minutes(5) }),
    threshold: 0,
    impact: `Payment notifications were not stored (HTTP 5xx): ${lost}`,
    runbook,
  });
  onCall.hearsOf(fails);
  for (const [reason, what] of Object.entries(signedButRefused)) {
    const refused = alarmAbove(scope, `NotifyRefused-${reason}`, {
      metric: refusedFor(reason),
      threshold: 0,
      impact: `Notifications that WeChat Pay signed ${what}: ${lost}`,
      runbook,
    });
    onCall.hearsOf(refused);
  }
  const unknownSerial = alarmAbove(scope, 'NotifyRefused-unknown-serial', {
    metric: refusedFor('unknown-serial'),
    threshold: strangeSerials,
    impact: `Notifications name a Wechatpay-Serial that is not in the secret: a new key of WeChat Pay's, or somebody probing. If it is a key, ${lost}`,
    runbook,
  });
  onCall.hearsOf(unknownSerial);
  if (silentFor) onCall.hearsOf(silence(scope, silentFor));
}

function refusedFor(reason: string) {
  return countedBy(service, 'NotificationsRefused', { reason }, Duration.minutes(15));
}

/** Whole hours, at most 168: what an alarm of hourly periods looks back on (CloudWatch, alarm evaluation). */
function silence(scope: Construct, silentFor: Duration) {
  return alarmWithout(scope, 'NotifySilent', {
    metric: countedBy(service, 'NotificationsAccepted', {}, Duration.hours(1)),
    periods: silentFor.toHours(),
    impact: `No payment notification has come for ${silentFor.toHumanString()}: WeChat Pay cannot reach us, notifies somewhere else, or nobody pays. Who has paid since may have an order that is still PAYING.`,
    runbook: '#no-payment-notification-comes',
  });
}
