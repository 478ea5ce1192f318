import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { clientConfig, LOCAL_ACCOUNT } from '../aws-environment.ts';
import type { StackOutputs } from '../deploy.ts';
import { accountHint, connect, type Deployment } from '../deployment.ts';
import { type Post, postThrough } from '../wechat-pay-simulator/deliver.ts';

const outputsSchema = z.object({
  DeadLettersFunction: z.string(),
  CircuitBreakerFunction: z.string(),
  OrdersTable: z.string(),
  LedgerTable: z.string(),
  LedgerFunction: z.string(),
  OrderCacheTable: z.string(),
  OrderCacheFunction: z.string(),
  OrderCacheRebuildFunction: z.string(),
  MerchantSecretId: z.string(),
  MerchantKeySecretId: z.string(),
  NotifyUrl: z.string(),
  WechatPayNotifyFunction: z.string(),
  OrdersFunction: z.string(),
  OrderTimeoutsFunction: z.string(),
  RefundsFunction: z.string(),
  DailyBillFunction: z.string(),
  CompareBooksFunction: z.string(),
  RefundsTable: z.string(),
  RefundDeskFunction: z.string(),
  ReconcileFunction: z.string(),
  OrderNumbersFunction: z.string(),
  FulfilmentFunction: z.string(),
  StockTable: z.string(),
  StockFunction: z.string(),
  SagasTable: z.string(),
  OrderSagaFunction: z.string(),
});

/** The deployed stacks with the worked example in them. */
export interface ExampleDeployment extends Deployment {
  readonly outputs: Deployment['outputs'] & z.infer<typeof outputsSchema>;
  readonly postNotification: Post;
  readonly secretsManager: SecretsManagerClient;
}

export function connectExample(
  endpoint: string,
  stackOutputs: StackOutputs,
  account = LOCAL_ACCOUNT,
): ExampleDeployment {
  const deployment = connect(endpoint, stackOutputs, account);
  const outputs = {
    ...deployment.outputs,
    ...outputsSchema.parse(Object.assign({}, ...Object.values(stackOutputs))),
  };
  return {
    ...deployment,
    outputs,
    postNotification: postThrough(endpoint, outputs.NotifyUrl, accountHint(account)),
    secretsManager: new SecretsManagerClient(clientConfig(endpoint, account)),
  };
}
