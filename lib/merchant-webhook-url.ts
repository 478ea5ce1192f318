import { isIP } from 'node:net';
import type { IConstruct } from 'constructs';
import ipaddr from 'ipaddr.js';
import { queueOf } from './consumers.ts';
import type { AddressProblem } from './outside-address.ts';
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
  const url = String(value);
  const wrong = problemOf(url, allowedRanges);
  if (wrong) throw new MerchantWebhookUrlError(wrong.shown, wrong.problem);
  return url;
}

/** Whoever names a target chooses what Warren connects to: no addresses of its own network, and nothing but a web server. */
function problemOf(url: string, allowedRanges: readonly string[]): AddressProblem | undefined {
  if (!URL.canParse(url)) return { shown: url, problem: 'is no URL' };
  const { protocol, hostname, port, username, password } = new URL(url);
  if (username !== '' || password !== '') return { shown: '…', problem: 'must not hold credentials' };
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0) {
    if (!isInOneOf(literal, allowedRanges))
      return { shown: url, problem: 'must be a name, or an address in allowedRanges (lib/config.ts)' };
    return ['https:', 'http:'].includes(protocol) ? undefined : { shown: url, problem: 'must begin with https://' };
  }
  if (protocol !== 'https:') return { shown: url, problem: 'must begin with https://' };
  return ['', '443', '8443'].includes(port) ? undefined : { shown: url, problem: 'must have the port 443 or 8443' };
}

function isInOneOf(address: string, ranges: readonly string[]): boolean {
  const parsed = ipaddr.process(address);
  return ranges
    .map(ipaddr.parseCIDR)
    .some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
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
