import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { deadLetterQueueName, sqsQueueName } from '../rabbitmq/plan/queue-name.ts';
import { clientConfig, LOCAL_ACCOUNT, LOCAL_REGION } from './aws-environment.ts';
import type { StackOutputs } from './deploy.ts';
import { type Post, postThrough } from './wechat-pay-simulator/deliver.ts';

const prefix = 'warren-local';

const outputsSchema = z.object({
  OrdersTable: z.string(),
  OutboxTable: z.string(),
  IdempotencyTable: z.string(),
  MerchantSecretId: z.string(),
  NotifyUrl: z.string(),
  QueueUrlBase: z.string(),
  WechatPayNotifyFunction: z.string(),
  PublishFunction: z.string(),
  OrdersFunction: z.string(),
  OutboxRelayFunction: z.string(),
});

/** The deployed stacks as the demo and the integration tests see them: names from the stacks' outputs, and clients. */
export interface Deployment {
  readonly endpoint: string;
  readonly outputs: z.infer<typeof outputsSchema>;
  /** URL of the SQS queue of a RabbitMQ queue in the default vhost. */
  queueUrl(name: string): string;
  deadLetterQueueUrl(name: string): string;
  readonly postNotification: Post;
  readonly sqs: SQSClient;
  readonly documents: DynamoDBDocumentClient;
  readonly lambda: LambdaClient;
  readonly secretsManager: SecretsManagerClient;
}

export function connect(endpoint: string, stackOutputs: StackOutputs, account = LOCAL_ACCOUNT): Deployment {
  const outputs = outputsSchema.parse(Object.assign({}, ...Object.values(stackOutputs)));
  const config = clientConfig(endpoint, account);
  const url = (sqsName: string): string => outputs.QueueUrlBase + sqsName;
  return {
    endpoint,
    outputs,
    queueUrl: (name) => url(sqsQueueName(prefix, { vhost: '/', name })),
    deadLetterQueueUrl: (name) => url(deadLetterQueueName(sqsQueueName(prefix, { vhost: '/', name }))),
    postNotification: postThrough(endpoint, outputs.NotifyUrl, accountHint(account)),
    sqs: new SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(config)),
    lambda: new LambdaClient(config),
    secretsManager: new SecretsManagerClient(config),
  };
}

/** MiniStack looks for an API in the account of the request's credential; on AWS an open route ignores the header. */
function accountHint(account: string): Record<string, string> {
  return { authorization: `AWS4-HMAC-SHA256 Credential=${account}/20261123/${LOCAL_REGION}/execute-api/aws4_request` };
}
