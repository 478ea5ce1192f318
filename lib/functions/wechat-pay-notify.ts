import { CfnOutput } from 'aws-cdk-lib';
import type { BrokerEnv } from '../../lambdas/shared/broker/env.ts';
import type { Env } from '../../lambdas/wechat-pay-notify/env.ts';
import { HttpEndpoint } from '../constructs/http-endpoint.ts';
import { notifyAlarms } from '../constructs/notify-alarms.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** The way in for WeChat Pay: `lambdas/wechat-pay-notify` behind an HTTP endpoint, and who hears when payments do not get in. */
export function connectWechatPayNotify(stack: StatelessStack, { example, onCall }: StatefulStack): void {
  if (!example) throw new Error('notifications are published, and there is no secret to verify them by');
  const { config } = stack;
  const { merchantSecret } = example;
  const { notify, secretMaxAge, ingress, silentFor } = config.wechatPay;
  const environment: Record<Exclude<keyof Env, keyof BrokerEnv>, string> = {
    WECHAT_PAY_SECRET_ID: merchantSecret.secretArn,
    WECHAT_PAY_SECRET_MAX_AGE_SECONDS: String(secretMaxAge.toSeconds()),
  };
  const fn = stack.addPublisher('wechat-pay-notify', notify, environment);
  merchantSecret.grantRead(fn);
  const endpoint = new HttpEndpoint(stack, 'NotifyEndpoint', {
    path: '/wechat-pay/notify',
    fn,
    access: { openBecause: 'WeChat Pay cannot log in: its signature over the raw body is verified by the function.' },
    ...ingress,
    logRetention: config.logRetention,
  });
  notifyAlarms(stack, { api: endpoint.api, onCall, silentFor });
  new CfnOutput(stack, 'NotifyUrl', { value: endpoint.url });
}
