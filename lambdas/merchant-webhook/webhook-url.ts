import { isIP } from 'node:net';
import { type AddressRange, isInOneOf } from '../shared/http/forbidden-address.ts';

/** Where a webhook listens that is none of Warren's: what else a server has behind other ports is no business of ours. */
const ports: readonly string[] = ['', '443', '8443'];

/**
 * Whether orders may be told to that URL: https, a name, a port of the web, no credentials. What the name resolves to is checked when it is used. An
 * address instead of a name, then also by http and at any port, only from a range that the stage allows.
 */
export function isWebhookUrl(url: string, allowed: readonly AddressRange[]): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username, password } = new URL(url);
  if (username !== '' || password !== '') return false;
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0) {
    return isInOneOf(literal, allowed) && (protocol === 'https:' || protocol === 'http:');
  }
  return protocol === 'https:' && ports.includes(port);
}
