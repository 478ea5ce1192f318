import type { Headers, HeaderValue } from '../../../rabbitmq/message.ts';
import { encodeHeaders } from './encode-headers.ts';

/** Arguments of a declaration as amqplib puts them on the wire. A whole number has the smallest type that fits, which a broker names in its 406. */
export function encodeArguments(table: object): Headers {
  return Object.fromEntries(Object.entries(encodeHeaders(table)).map(([name, value]) => [name, withType(value)]));
}

function withType(value: HeaderValue): HeaderValue {
  return typeof value === 'number' && Number.isInteger(value) ? { '!': smallestType(value), value } : value;
}

function smallestType(value: number): string {
  if (value >= -128 && value < 128) return 'byte';
  if (value >= -0x8000 && value < 0x8000) return 'short';
  return value >= -0x80000000 && value < 0x80000000 ? 'int' : 'long';
}
