import { type GetSecretValueCommandInput, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { jest } from '@jest/globals';
import { configuredMerchant } from '../../../../../lambdas/shared/wechat-pay/api/configured-merchant.ts';
import { InvalidMerchantKeyError } from '../../../../../lambdas/shared/wechat-pay/api/merchant-key.ts';
import { configuredMerchantSecret } from '../../../../../lambdas/shared/wechat-pay/configured-secret.ts';
import { now, rejectionOf } from '../../builders.ts';
import { merchantKey } from './api/api-peer.ts';
import { secret } from './wechat-pay.ts';

const maxAge = 300;
const env = {
  WECHAT_PAY_SECRET_ID: 'merchant',
  WECHAT_PAY_KEY_SECRET_ID: 'merchant-key',
  WECHAT_PAY_SECRET_MAX_AGE_SECONDS: maxAge,
};

/** Secrets Manager, as far as GetSecretValue goes. */
class MemorySecrets {
  readonly asked: string[] = [];
  readonly values = new Map<string, object>([
    ['merchant', secret],
    ['merchant-key', merchantKey],
  ]);

  /** The real client, which never gets as far as the network. */
  client(): SecretsManagerClient {
    const client = new SecretsManagerClient({ region: 'eu-west-1' });
    client.middlewareStack.add(
      () => async (call) => {
        const { SecretId = '' } = call.input as GetSecretValueCommandInput;
        this.asked.push(SecretId);
        return { output: { $metadata: {}, SecretString: JSON.stringify(this.values.get(SecretId)) }, response: {} };
      },
      { step: 'initialize', priority: 'low' },
    );
    return client;
  }
}

const afterSeconds = (seconds: number) => jest.setSystemTime(now.getTime() + seconds * 1000);

beforeEach(() => {
  jest.useFakeTimers({ now, doNotFake: ['nextTick'] });
});
afterEach(() => jest.useRealTimers());

describe('the secrets of the merchant', () => {
  it('are each fetched once, until they are too old', async () => {
    const secrets = new MemorySecrets();
    const merchant = configuredMerchant(env, secrets.client());

    for (const seconds of [0, 1, maxAge]) {
      afterSeconds(seconds);
      expect([await merchant.merchantSecret(), await merchant.merchantKey()]).toEqual([secret, merchantKey]);
    }
    expect(secrets.asked).toEqual(['merchant', 'merchant-key']);
  });

  it('are each rotated without a deployment, for who asks', async () => {
    const secrets = new MemorySecrets();
    const merchant = configuredMerchant(env, secrets.client());
    await Promise.all([merchant.merchantSecret(), merchant.merchantKey()]);
    const rotated = { secret: { ...secret, publicKeys: {} }, merchantKey: { ...merchantKey, serial: 'ANOTHER' } };

    secrets.values.set('merchant', rotated.secret);
    afterSeconds(maxAge + 1);
    expect([await merchant.merchantSecret(), await merchant.merchantKey()]).toEqual([rotated.secret, merchantKey]);

    secrets.values.set('merchant-key', rotated.merchantKey);
    afterSeconds(2 * (maxAge + 1));
    expect([await merchant.merchantSecret(), await merchant.merchantKey()]).toEqual([
      rotated.secret,
      rotated.merchantKey,
    ]);
  });

  it('are one to who takes notifications in, and that is rotated alike', async () => {
    const secrets = new MemorySecrets();
    const merchantSecret = configuredMerchantSecret(env, secrets.client());
    await merchantSecret();

    secrets.values.set('merchant', { ...secret, mchid: 'another' });
    afterSeconds(maxAge + 1);

    expect(await merchantSecret()).toEqual({ ...secret, mchid: 'another' });
    expect(secrets.asked).toEqual(['merchant', 'merchant']);
  });

  it('that are wrong are looked at again when they are too old', async () => {
    const secrets = new MemorySecrets();
    secrets.values.set('merchant-key', {});
    const { merchantKey: key } = configuredMerchant(env, secrets.client());
    expect(await rejectionOf(key())).toBeInstanceOf(InvalidMerchantKeyError);

    secrets.values.set('merchant-key', merchantKey);
    afterSeconds(maxAge + 1);

    expect(await key()).toEqual(merchantKey);
  });
});
