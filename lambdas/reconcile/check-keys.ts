import { createPrivateKey, createPublicKey } from 'node:crypto';
import { z } from 'zod';
import type { AskingMerchant } from '../shared/wechat-pay/api/call.ts';
import { ApiUnavailableError, UntrustedAnswerError } from '../shared/wechat-pay/api/errors.ts';
import type { WechatPayApi } from '../shared/wechat-pay/api/wechat-pay-api.ts';
import type { RefusalReason } from '../shared/wechat-pay/refusal.ts';

/** What a person who asked sees. */
export interface KeysRight {
  readonly keys: 'right';
  /** Whose they are. */
  readonly mchid: string;
  /** No answer is sealed with it: only a notification proves it. */
  readonly unproved: readonly ['apiV3Key'];
}

/** Has WeChat Pay take our signature, and takes its own, by one question that changes nothing. Throws a `WrongKeysError`. */
export type CheckKeys = (deadline: AbortSignal) => Promise<KeysRight>;

export interface CheckKeysDeps extends AskingMerchant {
  readonly api: Pick<WechatPayApi, 'queryOrder'>;
}

/** A secret holds a key that WeChat Pay does not know, or not the one it signs with. */
export class WrongKeysError extends Error {
  override readonly name = 'WrongKeysError';

  /** `secret`: its stack output. */
  constructor(
    secret: 'MerchantSecretId' | 'MerchantKeySecretId',
    field: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${field} in the WeChat Pay secret ${secret} is wrong: ${problem}`, options);
  }
}

/** Somebody asks for a check that there is not. Nothing was done. */
export class UnknownCheckError extends Error {
  override readonly name = 'UnknownCheckError';

  constructor(check: unknown) {
    super(`there is no check ${JSON.stringify(check)}: ask for { "check": "keys" }, or for none, to reconcile`);
  }
}

const eventSchema = z.looseObject({ check: z.unknown().optional() });

/** The check that an event names; none in EventBridge's own, which has no such field. Throws an `UnknownCheckError`. */
export function namedCheck(event: unknown): 'keys' | undefined {
  const { check } = eventSchema.parse(event);
  if (check === undefined || check === 'keys') return check;
  throw new UnknownCheckError(check);
}

/** Nobody's order. Were it somebody's, the answer would prove the same. */
const noOrder = 'WARREN-CHECKS-ITS-KEYS';

/** Nothing is wrong with the keys when the signature is missing or old: something in between answers, or a clock is off. */
const keyReasons: readonly RefusalReason[] = ['signature', 'unknown-serial'];

export function createCheckKeys({ api, merchantSecret, merchantKey }: CheckKeysDeps): CheckKeys {
  return async (deadline) => {
    const [{ mchid, publicKeys }, { privateKey }] = await Promise.all([merchantSecret(), merchantKey()]);
    checkReadable('MerchantKeySecretId', 'privateKey', () => createPrivateKey(privateKey));
    for (const [serial, pem] of Object.entries(publicKeys)) {
      checkReadable('MerchantSecretId', `publicKeys.${serial}`, () => createPublicKey(pem));
    }
    try {
      await api.queryOrder(noOrder, deadline);
    } catch (error) {
      throw wrongKeys(error) ?? error;
    }
    return { keys: 'right', mchid, unproved: ['apiV3Key'] };
  };
}

/** A parser's error says neither which key it was, nor anything that a person could mend. */
function checkReadable(
  secret: ConstructorParameters<typeof WrongKeysError>[0],
  field: string,
  read: () => unknown,
): void {
  try {
    read();
  } catch {
    throw new WrongKeysError(secret, field, 'it cannot be read as PEM. Are its line breaks there, each as \\n?');
  }
}

function wrongKeys(error: unknown): WrongKeysError | undefined {
  if (error instanceof ApiUnavailableError && error.status === 401) {
    const problem = `WeChat Pay refuses our signature (${error.message}). Serial and private key must be of one API certificate, and that of mchid`;
    return new WrongKeysError('MerchantKeySecretId', 'serial or privateKey (or mchid in MerchantSecretId)', problem, {
      cause: error,
    });
  }
  if (error instanceof UntrustedAnswerError && keyReasons.includes(error.reason)) {
    const problem = `WeChat Pay takes our signature, and its own cannot be verified (${error.message}). Compare ids and keys with the portal's`;
    return new WrongKeysError('MerchantSecretId', 'publicKeys', problem, { cause: error });
  }
  return undefined;
}
