import { isIP } from 'node:net';
import type { IConstruct } from 'constructs';
import { queueOf } from './consumers.ts';
import { problemOfAddress } from './outside-address.ts';
import type { DeployedTopology } from './topology.ts';

/** `-c merchantWebhook=…` is no address that orders may be told to. */
export class MerchantWebhookUrlError extends Error {
  override readonly name = 'MerchantWebhookUrlError';

  constructor(shown: string, problem: string) {
    super(`-c merchantWebhook=${shown} ${problem}`);
  }
}

/**
 * The value of `-c merchantWebhook=…`, or of `merchantWebhook` in the context of `cdk.json`: where the merchant wants to be told of its orders.
 * `allowedRanges`: of the stage's config. Throws a `MerchantWebhookUrlError` for what `lambdas/merchant-webhook` would refuse when it starts; a test
 * holds both to the same addresses.
 */
export function merchantWebhookUrlOf({ node }: IConstruct, allowedRanges: readonly string[]): string | undefined {
  const value: unknown = node.tryGetContext('merchantWebhook');
  if (value === undefined) return undefined;
  const wrong = problemOfAddress(value);
  if (wrong) throw new MerchantWebhookUrlError(wrong.shown, wrong.problem);
  const url = String(value);
  const problem = problemOfHost(new URL(url), allowedRanges);
  if (problem !== undefined) throw new MerchantWebhookUrlError(url, problem);
  return url;
}

/** Whoever names a target chooses what Warren connects to: no addresses of its own network, and nothing but a web server. */
function problemOfHost({ protocol, hostname, port }: URL, allowedRanges: readonly string[]): string | undefined {
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) {
    return allowedRanges.length > 0 ? undefined : 'must be a name, not an address (allowedRanges in lib/config.ts)';
  }
  if (protocol !== 'https:') return 'must begin with https://';
  return ['', '443', '8443'].includes(port) ? undefined : 'must have the port 443 or 8443';
}

/** Warnings of a deploy without the address. None where the queue has no binding: nobody is to be told, and nothing waits. */
export function whyNoMerchantWebhook({
  consumers,
  topology,
}: Pick<DeployedTopology, 'consumers' | 'topology'>): string[] {
  const { queue } = queueOf('merchant-webhook');
  if (!consumers.includes('merchant-webhook')) return [];
  if (!topology.bindings.some(({ destination }) => destination === queue)) return [];
  return [
    `'merchant-webhook' is left out: nobody said where the merchant wants to be told. Messages wait in '${queue}', which rings on-call after an hour, and become exceptions after three days; deploy with -c merchantWebhook=https://…, or, if no merchant is to be told, without the binding of that queue (topology/definitions.json).`,
  ];
}
