/** What is wrong with an address that functions may be told to send to. */
export interface AddressProblem {
  /** The value, unless it holds credentials. */
  readonly shown: string;
  readonly problem: string;
}

/**
 * Data leaves by https only, or to this machine (the local stage), and no address in a template holds credentials. A function refuses the same
 * when it starts (`outsideUrlSchema`); a test holds both to the same addresses.
 */
export function problemOfAddress(value: unknown): AddressProblem | undefined {
  const shown = String(value);
  if (typeof value !== 'string' || !URL.canParse(value)) return { shown, problem: 'is no URL' };
  const { protocol, hostname, username, password } = new URL(value);
  if (username !== '' || password !== '') return { shown: '…', problem: 'must not hold credentials' };
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback)) return undefined;
  return { shown, problem: 'must begin with https://, except on a loopback address' };
}
