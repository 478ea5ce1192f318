import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, deliver, type Post } from './deliver.ts';
import { giveSecrets, type SecretsOfMerchant } from './give-secrets.ts';
import { newTransactionId } from './ids.ts';
import { createMerchantKeys, type MerchantKeys } from './merchant-keys.ts';
import { type Payment, paymentNotification } from './payment-notification.ts';
import { type SignedNotification, signNotification } from './sign.ts';

export { newTransactionId };

/** A merchant's payment, as far as it differs from one to the next. */
export type PaymentOf = Pick<Payment, 'out_trade_no' | 'total'> & Partial<Payment>;

/** WeChat Pay towards one merchant, for one `notify_url`. */
export interface WechatPaySimulator {
  readonly keys: MerchantKeys;
  /** The encrypted body for a payment; sign it with `sign`. */
  notificationOf(payment: PaymentOf): string;
  sign(body: string, now?: Date): SignedNotification;
  /** One POST, whatever the answer. */
  post: Post;
  /** Posts until 2xx, on WeChat Pay's schedule; `spoil` may change a try before it is sent. */
  notify(
    payment: PaymentOf,
    spoil?: (signed: SignedNotification, attempt: number) => SignedNotification,
  ): Promise<Answer[]>;
}

export interface SimulatorOptions extends SecretsOfMerchant {
  readonly post: Post;
  /** 0.01: what takes WeChat Pay 15 s takes 150 ms here. */
  readonly timeScale: number;
  /** Those of a WeChat Pay that runs already; new ones without. */
  readonly keys?: MerchantKeys;
}

/** Makes new keys if none are given, puts the merchant's half into Secrets Manager, and waits until the ingress works with them. */
export async function startWechatPaySimulator(options: SimulatorOptions): Promise<WechatPaySimulator> {
  const { keys = createMerchantKeys() } = options;
  const simulator = createSimulator(keys, options);
  await giveSecrets(options, keys);
  await untilKeysAreLive(simulator);
  return simulator;
}

function createSimulator(keys: MerchantKeys, { post, timeScale }: SimulatorOptions): WechatPaySimulator {
  const { mchid, appids, apiV3Key } = keys.secret;
  const sign = (body: string, now = new Date()): SignedNotification => signNotification(body, keys, now);
  const notificationOf = (payment: PaymentOf): string =>
    paymentNotification(
      {
        mchid,
        appid: appids[0] ?? '',
        transaction_id: newTransactionId(),
        paidAt: new Date(),
        ...payment,
      },
      apiV3Key,
    );
  return {
    keys,
    sign,
    notificationOf,
    post,
    notify(payment, spoil = (signed) => signed) {
      const body = notificationOf(payment);
      return deliver(
        (attempt) => post(spoil(sign(body), attempt)),
        (seconds) => sleep(seconds * 1000 * timeScale),
      );
    },
  };
}

/**
 * A payment of another merchant, rightly signed, is refused as "not ours" (403) once the new keys are known, and for its
 * serial (401) before: it tells without writing or sending anything.
 */
async function untilKeysAreLive({ notificationOf, sign, post }: WechatPaySimulator): Promise<void> {
  const body = notificationOf({ mchid: 'somebody-else', out_trade_no: 'key-check', total: 1 });
  const deadline = Date.now() + 30_000;
  for (;;) {
    // Several at once, because each worker of the function keeps the secret for itself.
    const answers = await Promise.all(Array.from({ length: 4 }, () => post(sign(body))));
    const early = answers.find(({ status }) => status !== 403);
    if (!early) return;
    if (Date.now() > deadline) {
      throw new Error(`wechat-pay-notify does not take the new keys: ${early.status} ${early.body}`);
    }
    await sleep(100);
  }
}
