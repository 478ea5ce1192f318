import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { connectExample } from '../demo/example-deployment.ts';
import type { StackOutputs } from '../deploy.ts';
import { notificationClient } from './notification-client.ts';

const keysSchema = z.object({ current: z.string() });

/** What an operator does once: tells the merchant at that URL the secret that was made for its webhook. */
export async function giveWebhookSecret(
  endpoint: string,
  stackOutputs: StackOutputs,
  account: string,
  merchantUrl: string,
): Promise<void> {
  const { secretsManager, outputs } = connectExample(endpoint, stackOutputs, account);
  const { SecretString = '' } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: outputs.MerchantWebhookKeysId }),
  );
  await notificationClient(merchantUrl).learn(keysSchema.parse(JSON.parse(SecretString)).current);
}
