import { BodyMissingError } from '../../../lambdas/shared/broker/claim.ts';
import type { Claims } from '../../../lambdas/shared/broker/claim-check.ts';

/** A bucket in memory. `broken` is what every put ends in. */
export class MemoryClaims implements Claims {
  readonly bodies = new Map<string, Uint8Array>();
  /** Keys, put by put. */
  readonly puts: string[] = [];
  readonly fetched: string[] = [];
  private readonly broken: Error | undefined;

  constructor(broken?: Error) {
    this.broken = broken;
  }

  async keep(key: string, body: Uint8Array): Promise<void> {
    this.puts.push(key);
    if (this.broken) throw this.broken;
    this.bodies.set(key, Uint8Array.from(body));
  }

  async fetch(key: string): Promise<Uint8Array> {
    this.fetched.push(key);
    const body = this.bodies.get(key);
    if (!body) throw new BodyMissingError(key, undefined);
    return body;
  }
}
