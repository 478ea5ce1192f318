import type { IConstruct } from 'constructs';

/** `-c fulfilmentUrl=…` is no address that orders may be sent to. */
export class FulfilmentUrlError extends Error {
  override readonly name = 'FulfilmentUrlError';

  constructor(value: unknown, problem: string) {
    super(`-c fulfilmentUrl=${String(value)} ${problem}`);
  }
}

/**
 * The value of `-c fulfilmentUrl=…`, or of `fulfilmentUrl` in the context of `cdk.json`: where the merchant takes requests for fulfilment. Throws
 * a `FulfilmentUrlError` for what `lambdas/fulfilment` would refuse when it starts; a test holds both to the same addresses.
 */
export function fulfilmentUrlOf({ node }: IConstruct): string | undefined {
  const value: unknown = node.tryGetContext('fulfilmentUrl');
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !URL.canParse(value)) throw new FulfilmentUrlError(value, 'is no URL');
  const { protocol, hostname, username, password } = new URL(value);
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  // Told without the address, which would show them.
  if (username !== '' || password !== '') throw new FulfilmentUrlError('…', 'must not hold credentials');
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback)) return value;
  throw new FulfilmentUrlError(value, 'must begin with https://, except on a loopback address');
}

/** Warnings of a deploy without the address. */
export function whyNoFulfilment(consumers: readonly string[]): string[] {
  if (!consumers.includes('fulfilment')) return [];
  return [
    "'fulfilment' is left out: nobody said where the merchant is. Messages wait in 'fulfilment.requests', which rings on-call after an hour and keeps them for days; deploy with -c fulfilmentUrl=https://….",
  ];
}
