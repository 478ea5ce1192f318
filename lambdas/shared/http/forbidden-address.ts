import ipaddr from 'ipaddr.js';

/** Addresses, as a CIDR says them: `127.0.0.0/8`. */
export type AddressRange = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Throws for what is no CIDR. */
export function parseAddressRange(cidr: string): AddressRange {
  return ipaddr.parseCIDR(cidr);
}

/** Addresses of the internet (RFC 4291, 2.4): whatever else there is in IPv6 is for a place, a protocol, or for later. */
const internet = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Why nothing may be sent to the address, unless one of the ranges has it: it is none of the internet's, or it is one that stands for another
 * (6to4, NAT64, Teredo), or none at all. One of IPv4 that is written as IPv6 (`::ffff:10.0.0.1`) is judged as what it is.
 */
export function whyForbidden(address: string, allowed: readonly AddressRange[]): string | undefined {
  if (!ipaddr.isValid(address)) return 'no address';
  if (isInOneOf(address, allowed)) return undefined;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range !== 'unicast') return range;
  return parsed.kind() === 'ipv4' || isIn(parsed, internet) ? undefined : 'reserved';
}

/** Whether one of the ranges has the address. */
export function isInOneOf(address: string, ranges: readonly AddressRange[]): boolean {
  return ipaddr.isValid(address) && ranges.some((range) => isIn(ipaddr.process(address), range));
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: AddressRange): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
