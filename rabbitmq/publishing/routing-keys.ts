import type { Headers } from '../message.ts';
import { headerOfWrongType } from './channel-error.ts';

/**
 * All keys a message routes by: its routing key, then CC, then BCC (rules 4.1.9, 4.5.9). Throws 406 when CC or BCC is no
 * array; what it holds besides strings is passed over (rabbit_basic.erl, `header_routes/1`).
 */
export function routingKeysOf(routingKey: string, headers: Headers): string[] {
  return [routingKey, ...keysIn(headers, 'CC'), ...keysIn(headers, 'BCC')];
}

/** Throws 406 when the header is no array. */
export function keysIn(headers: Headers, name: 'CC' | 'BCC'): string[] {
  const keys = headers[name];
  if (keys === undefined) return [];
  if (!Array.isArray(keys)) throw headerOfWrongType(name, keys);
  return keys.filter((key) => typeof key === 'string');
}
