import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { asError, UnavailableError } from '../consumer/errors.ts';
import { type AddressRange, whyForbidden } from './forbidden-address.ts';

/** All addresses of a name, now. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** Nothing is sent there, for anybody: until somebody has changed the target, or its name resolves to another address again. */
export class ForbiddenAddressError extends UnavailableError {
  override readonly name = 'ForbiddenAddressError';

  constructor(hostname: string, address: string, why: string) {
    super(`${hostname} is ${address}: ${why}; nothing is sent to such an address`);
  }
}

/** Throws a `ForbiddenAddressError`. */
export function refuseForbidden(hostname: string, address: string, allowed: readonly AddressRange[]): void {
  const why = whyForbidden(address, allowed);
  if (why !== undefined) throw new ForbiddenAddressError(hostname, address, why);
}

/**
 * What a socket finds its address with: it connects to one of those that were checked here, whatever the name resolves to a moment later. One
 * address that is forbidden forbids the name: who can put it among the others chooses when it is used.
 */
export function createGuardedLookup(resolve: Resolve, allowed: readonly AddressRange[]): LookupFunction {
  async function checked(hostname: string): Promise<[LookupAddress, ...LookupAddress[]]> {
    const [first, ...others] = await resolve(hostname);
    if (!first) throw new Error(`${hostname} has no address`);
    for (const { address } of [first, ...others]) refuseForbidden(hostname, address, allowed);
    return [first, ...others];
  }

  return (hostname, { all }, callback) => {
    checked(hostname).then(
      (addresses) => (all ? callback(null, addresses) : callback(null, addresses[0].address, addresses[0].family)),
      (error) => callback(asError(error), '', 0),
    );
  };
}
