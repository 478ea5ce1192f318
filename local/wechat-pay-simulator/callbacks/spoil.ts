import { type SigningKey, strangerKey } from '../merchant-keys.ts';
import { asForgery, asProbe, type SignedNotification, signNotification } from '../sign.ts';
import type { TryKind } from './callback.ts';

const staleMs = 600_000;

/** A try of this kind, signed now (or as if). */
export function asTry(
  kind: TryKind,
  body: string,
  { key, now }: { readonly key: SigningKey; readonly now: Date },
): SignedNotification {
  switch (kind) {
    case 'signed':
      return signNotification(body, key, now);
    case 'probe':
      return asProbe(signNotification(body, key, now));
    case 'forged':
      return asForgery(signNotification(body, key, now));
    case 'stale':
      return signNotification(body, key, new Date(now.getTime() - staleMs));
    case 'unknownKey':
      return signNotification(body, strangerKey(), now);
    default:
      throw new Error(`no try of the kind ${kind satisfies never}`);
  }
}
