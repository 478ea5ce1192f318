import type { Headers, HeaderValue } from '../../../rabbitmq/message.ts';
import { deepestHeaders, headersSchema } from '../broker/envelope.ts';
import { encodeTypedValue } from './encode-typed-value.ts';

/**
 * Headers as amqplib puts them on the wire (its codec.js), in the spelling of rabbitmq/amqp-value.ts: inherited fields count, undefined ones
 * are left out, a Buffer is `binary`. Throws what amqplib throws for what AMQP cannot carry; a `RangeError` for what Warren cannot.
 */
export function encodeHeaders(table: object): Headers {
  const headers = encodeTable(table, 1);
  if (!headersSchema.safeParse(headers).success) throw nestedTooDeep();
  return headers;
}

function encodeTable(table: object, depth: number): Headers {
  return Object.fromEntries(
    fieldsOf(table).map(([name, value]) => {
      if (Buffer.byteLength(name) > 255) throw new RangeError('the name of a header is over 255 bytes of UTF-8');
      return [name, encodeValue(value, depth + 1)];
    }),
  );
}

function fieldsOf(table: object): [name: string, value: unknown][] {
  const fields: [string, unknown][] = [];
  for (const name in table) fields.push([name, Reflect.get(table, name)]);
  return fields.filter(([, value]) => value !== undefined);
}

function encodeValue(value: unknown, depth: number): HeaderValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return encodeNumber(value);
    case 'object':
      return encodeObject(value, depth);
    default:
      throw new TypeError(`Unknown type to encode: ${typeof value}`);
  }
}

/** Whole numbers have no more than 64 bits; what is infinite or no number breaks the connection (541, seen on 3.10.8 to 4.3.6). */
function encodeNumber(value: number): number {
  if (!Number.isFinite(value) || value < -(2 ** 63)) throw new RangeError(`${value} is no number of AMQP`);
  return value;
}

function encodeObject(value: object | null, depth: number): HeaderValue {
  if (value === null) return null;
  // Ends what contains itself, too.
  if (depth > deepestHeaders) throw nestedTooDeep();
  if (Object.hasOwn(value, '!')) return encodeTyped(Reflect.get(value, '!'), Reflect.get(value, 'value'), depth + 1);
  if (Array.isArray(value)) return Array.from(value, (item) => encodeValue(item, depth + 1));
  return Buffer.isBuffer(value) ? { '!': 'binary', value: value.toString('base64') } : encodeTable(value, depth);
}

/** `{ '!': type, value }`, amqplib's way to say a type. */
function encodeTyped(type: unknown, value: unknown, depth: number): HeaderValue {
  if (type === typeof value) return typeof value === 'object' ? encodeObject(value, depth) : encodeValue(value, depth);
  return encodeTypedValue(type, value);
}

function nestedTooDeep(): RangeError {
  return new RangeError(`the headers are nested over ${deepestHeaders} deep`);
}
