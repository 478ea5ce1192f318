import { PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { MerchantKeys } from './merchant-keys.ts';

/** Where the merchant's half of its keys is put. */
export interface SecretsOfMerchant {
  readonly secretsManager: SecretsManagerClient;
  readonly outputs: { readonly MerchantSecretId: string; readonly MerchantKeySecretId: string };
}

export async function giveSecrets(
  { secretsManager, outputs }: SecretsOfMerchant,
  { secret, merchantKey }: Pick<MerchantKeys, 'secret' | 'merchantKey'>,
): Promise<void> {
  const values = [
    [outputs.MerchantKeySecretId, merchantKey],
    [outputs.MerchantSecretId, secret],
  ] as const;
  for (const [SecretId, value] of values) {
    await secretsManager.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(value) }));
  }
}
