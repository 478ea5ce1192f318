import { CfnOutput } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { BrokerEnv } from '../../lambdas/shared/broker/env.ts';
import type { Env } from '../../lambdas/wechat-pay-notify/env.ts';
import { countedBy } from '../constructs/counted-by.ts';
import { countGraph, countLines, section } from '../constructs/function-graphs.ts';
import { HttpEndpoint } from '../constructs/http-endpoint.ts';
import { notifyAlarms } from '../constructs/notify-alarms.ts';
import { grantMerchantSecret, merchantSecretEnvironment } from '../constructs/wechat-pay-access.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

const service = 'wechat-pay-notify';

/** A test holds that these are all. */
export const refusalReasons: readonly string[] = [
  'body-too-large',
  'header-missing',
  'header-doubled',
  'v2-notification',
  'signature-type',
  'timestamp',
  'unknown-serial',
  'signature-probe',
  'signature',
  'malformed',
  'decryption',
  'not-ours',
];

/** The way in for WeChat Pay: `lambdas/wechat-pay-notify` behind an HTTP endpoint, and who hears when payments do not get in. */
export function connectWechatPayNotify(stack: StatelessStack, { example, onCall }: StatefulStack): void {
  if (!example) throw new Error('notifications are published, and there is no secret to verify them by');
  const { config } = stack;
  const { notify, ingress, silentFor } = config.wechatPay;
  const environment: Record<Exclude<keyof Env, keyof BrokerEnv>, string> = {
    ...merchantSecretEnvironment(example, config.wechatPay),
  };
  const fn = stack.addPublisher(service, notify, environment);
  grantMerchantSecret(fn, example);
  const endpoint = new HttpEndpoint(stack, 'NotifyEndpoint', {
    path: '/wechat-pay/notify',
    fn,
    access: { openBecause: 'WeChat Pay cannot log in: its signature over the raw body is verified by the function.' },
    ...ingress,
    logRetention: config.logRetention,
  });
  stack.notifyUrl = endpoint.url;
  notifyAlarms(stack, { api: endpoint.api, onCall, silentFor });
  stack.sections.push(
    section('Payment notifications', [
      countGraph('Accepted, and not stored', [
        ...countLines({ service, metric: 'NotificationsAccepted' }).map((line) => line.with({ label: 'accepted' })),
        ...countLines({ service, metric: 'NotificationsFailed' }).map((line) => line.with({ label: 'not stored' })),
        ...countLines({ service, metric: 'NotificationsEchoed' }).map((line) => line.with({ label: 'security echo' })),
      ]),
      countGraph(
        'Refused, by reason',
        countLines({ service, metric: 'NotificationsRefused', by: { dimension: 'reason', values: refusalReasons } }),
      ),
      countGraph("Seconds between WeChat Pay's clock and ours", skew()),
    ]),
  );
  new CfnOutput(stack, 'NotifyUrl', { value: endpoint.url });
}

/** Of what was signed. Beyond five minutes nothing is taken any more. */
function skew(): IMetric[] {
  const metric = countedBy(service, 'NotificationClockSkew');
  return [metric.with({ statistic: 'p50', label: 'median' }), metric.with({ statistic: 'Maximum', label: 'most' })];
}
