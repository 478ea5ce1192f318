import { z } from 'zod';

/**
 * Where a function may send data to: https, or this machine (the local stage), and no credentials in the address, which stands in templates
 * and consoles.
 */
export const outsideUrlSchema = z.string().refine((url) => URL.canParse(url) && isAllowed(new URL(url)), {
  message: 'must be https, or http on a loopback address, without credentials',
});

function isAllowed({ protocol, hostname, username, password }: URL): boolean {
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
