import type { IConstruct } from 'constructs';
import { problemOfAddress } from './outside-address.ts';

/** `-c fulfilmentUrl=…` is no address that orders may be sent to. */
export class FulfilmentUrlError extends Error {
  override readonly name = 'FulfilmentUrlError';

  constructor(shown: string, problem: string) {
    super(`-c fulfilmentUrl=${shown} ${problem}`);
  }
}

/**
 * The value of `-c fulfilmentUrl=…`, or of `fulfilmentUrl` in the context of `cdk.json`: where the merchant takes requests for fulfilment. Throws
 * a `FulfilmentUrlError` for what `lambdas/fulfilment` would refuse when it starts; a test holds both to the same addresses.
 */
export function fulfilmentUrlOf({ node }: IConstruct): string | undefined {
  const value: unknown = node.tryGetContext('fulfilmentUrl');
  if (value === undefined) return undefined;
  const wrong = problemOfAddress(value);
  if (wrong) throw new FulfilmentUrlError(wrong.shown, wrong.problem);
  return String(value);
}

/** Warnings of a deploy without the address. */
export function whyNoFulfilment(consumers: readonly string[]): string[] {
  if (!consumers.includes('fulfilment')) return [];
  return [
    "'fulfilment' is left out: nobody said where the merchant is. Messages wait in 'fulfilment.requests', which rings on-call after an hour and keeps them for days; deploy with -c fulfilmentUrl=https://….",
  ];
}
