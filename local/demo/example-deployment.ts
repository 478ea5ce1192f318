import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { clientConfig, LOCAL_ACCOUNT, LOCAL_REGION } from '../aws-environment.ts';
import type { StackOutputs } from '../deploy.ts';
import { connect, type Deployment } from '../deployment.ts';
import { type Post, postThrough } from '../wechat-pay-simulator/deliver.ts';

const outputsSchema = z.object({
  OrdersTable: z.string(),
  MerchantSecretId: z.string(),
  NotifyUrl: z.string(),
  WechatPayNotifyFunction: z.string(),
  OrdersFunction: z.string(),
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

/** MiniStack looks for an API in the account of the request's credential; on AWS an open route ignores the header. */
function accountHint(account: string): Record<string, string> {
  return { authorization: `AWS4-HMAC-SHA256 Credential=${account}/20261123/${LOCAL_REGION}/execute-api/aws4_request` };
}
