export interface Secret {
  readonly mchid: string;
  readonly appids: readonly string[];
  readonly apiV3Key: string;
  readonly publicKeys: Readonly<Record<string, string>>;
}

/** The decrypted resource; throws when the notification is not verified. */
export type VerifyByPeer = (headers: Readonly<Record<string, string>>, body: string) => Promise<unknown>;

export function wechatpayAxiosPlugin(secret: Secret): VerifyByPeer;
export function wechatpayNodeV3(
  secret: Secret & { readonly merchantKey: { readonly serial: string; readonly privateKey: string } },
): VerifyByPeer;
