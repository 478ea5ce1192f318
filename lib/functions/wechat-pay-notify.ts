import { CfnOutput } from 'aws-cdk-lib';
import type { Env } from '../../lambdas/wechat-pay-notify/env.ts';
import { reachableQueues } from '../../rabbitmq/plan/reachable-queues.ts';
import { HttpEndpoint } from '../constructs/http-endpoint.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { notifyAlarms } from '../constructs/notify-alarms.ts';
import type { OnCall } from '../constructs/on-call.ts';
import { functionOutput } from '../output-names.ts';
import type { ExampleData } from '../stacks/example-data.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** The way in for WeChat Pay: `lambdas/wechat-pay-notify` behind an HTTP endpoint, and who hears when payments do not get in. */
export function addWechatPayNotify(stack: StatelessStack, { merchantSecret }: ExampleData, onCall: OnCall): void {
  const { config, deployed } = stack;
  const { notify, secretMaxAge, ingress } = config.wechatPay;
  const environment: Record<keyof Env, string> = {
    ...stack.brokerEnvironment,
    WECHAT_PAY_SECRET_ID: merchantSecret.secretArn,
    WECHAT_PAY_SECRET_MAX_AGE_SECONDS: String(secretMaxAge.toSeconds()),
  };
  const folder = 'wechat-pay-notify';
  const { fn } = new NodeFunction(stack, 'WechatPayNotify', { ...notify, ...stack.common, folder, environment });
  merchantSecret.grantRead(fn);
  stack.grantClientPublish(fn, reachableQueues(deployed.topology, '/', 'payments'));
  const endpoint = new HttpEndpoint(stack, 'NotifyEndpoint', {
    path: '/wechat-pay/notify',
    fn,
    access: { openBecause: 'WeChat Pay cannot log in: its signature over the raw body is verified by the function.' },
    ...ingress,
    logRetention: config.logRetention,
  });
  notifyAlarms(stack, endpoint.api, onCall);
  new CfnOutput(stack, 'NotifyUrl', { value: endpoint.url });
  new CfnOutput(stack, functionOutput(folder), { value: fn.functionName });
}
