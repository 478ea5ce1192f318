import { CfnOutput, Duration } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Env } from '../../lambdas/refund-desk/env.ts';
import { consumerConfig } from '../config.ts';
import { agendaIndexName } from '../constructs/agenda-index.ts';
import { countGraph, countLines, section } from '../constructs/function-graphs.ts';
import { grantOnTable, grantQueryOnIndex } from '../constructs/grant-on-table.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { grantToAskWechatPay, wechatPayApiEnvironment } from '../constructs/wechat-pay-access.ts';
import { functionOutput } from '../output-names.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';
import { wechatPayApiUrlOf } from '../wechat-pay-api-url.ts';

export const refundDesk = 'refund-desk';

/** What comes of acts that change something. */
const outcomes = { request: ['requested', 'repeated', 'refused'], withdraw: ['withdrawn', 'refused'] };

/** Connects `lambdas/refund-desk` to orders and refunds, if it is known where WeChat Pay is, and says who may send money back by it. */
export function connectRefundDesk(stack: StatelessStack, stateful: StatefulStack): void {
  const { example, outbox } = stateful;
  if (!example) throw new Error('refunds are requested, and there is no table of them');
  const url = wechatPayApiUrlOf(stack);
  if (url === undefined) return;
  const { config } = stack;
  const environment: Record<keyof Env, string> = {
    ...wechatPayApiEnvironment(url, example, config.wechatPay),
    ORDERS_TABLE: example.orders.tableName,
    REFUNDS_TABLE: example.refunds.tableName,
    OUTBOX_TABLE: outbox.tableName,
    REFUND_ASKING_SECONDS: String(askingLife(stack).toSeconds()),
  };
  const { fn } = new NodeFunction(stack, 'RefundDesk', {
    ...config.wechatPay.refundDesk,
    ...stack.common,
    folder: refundDesk,
    environment,
  });
  grantOnTable(fn, example.orders, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  grantOnTable(fn, example.refunds, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  grantQueryOnIndex(fn, example.refunds, agendaIndexName);
  grantOnTable(fn, outbox, 'dynamodb:PutItem');
  grantToAskWechatPay(fn, example);
  stack.sections.push(
    section(
      'Refunds that people ask for',
      Object.entries(outcomes).map(([act, values]) =>
        countGraph(
          `To ${act} a refund`,
          countLines({ service: refundDesk, metric: 'RefundDesk', of: { act }, by: { dimension: 'outcome', values } }),
        ),
      ),
    ),
  );
  new CfnOutput(stack, functionOutput(refundDesk), { value: fn.functionName });
  new ManagedPolicy(stack, 'RefundsPolicy', {
    managedPolicyName: `${stack.deployed.namePrefix}-refunds`,
    description: `warren refunds in ${stack.deployed.namePrefix}: to send money back; nothing else`,
    statements: [
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.functionArn] }),
      new PolicyStatement({
        actions: ['cloudformation:DescribeStacks'],
        resources: [stateful, stack].map((one) => one.stackId),
      }),
    ],
  });
}

/** WeChat Pay takes a request for so long after it was signed, wherever it was meanwhile. */
const signatureLife = Duration.minutes(5);

function askingLife({ config }: StatelessStack): Duration {
  const lives = [consumerConfig(config, 'refunds').timeout, config.wechatPay.reconcile.timeout];
  return Duration.seconds(Math.max(...lives.map((life) => life.toSeconds()))).plus(signatureLife);
}
