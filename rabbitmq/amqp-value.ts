import type { HeaderValue } from './message.ts';

/** RabbitMQ's names of the types a header can have. */
const integerTypes = {
  byte: 'byte',
  int8: 'byte',
  unsignedbyte: 'unsignedbyte',
  uint8: 'unsignedbyte',
  short: 'short',
  int16: 'short',
  unsignedshort: 'unsignedshort',
  uint16: 'unsignedshort',
  int: 'signedint',
  int32: 'signedint',
  unsignedint: 'unsignedint',
  uint32: 'unsignedint',
  long: 'long',
  int64: 'long',
} as const;
type IntegerType = (typeof integerTypes)[keyof typeof integerTypes];

export type AmqpValue =
  | { readonly type: 'longstr' | 'binary'; readonly value: string }
  | { readonly type: IntegerType | 'timestamp' | 'double' | 'float'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'void'; readonly value: null }
  | { readonly type: 'decimal'; readonly value: { readonly digits: number; readonly places: number } }
  | { readonly type: 'array'; readonly value: readonly HeaderValue[] }
  | { readonly type: 'table'; readonly value: { readonly [key: string]: HeaderValue } };

/**
 * The AMQP value a JSON header stands for. What JSON cannot say is written as amqplib writes it, `{ "!": type, "value": … }`, with
 * `binary` in base64 besides; an unknown type, or a value that does not fit its type, is an ordinary table. An integer is a
 * `long` as in RabbitMQ's HTTP API; beyond 64 bits it is a double.
 */
export function amqpValue(value: HeaderValue): AmqpValue {
  if (value === null) return { type: 'void', value };
  if (typeof value === 'string') return { type: 'longstr', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value === 'number') return { type: isInt64(value) ? 'long' : 'double', value };
  if (isArray(value)) return { type: 'array', value };
  return typedValue(value['!'], value['value']) ?? { type: 'table', value };
}

function typedValue(type: HeaderValue | undefined, value: HeaderValue | undefined): AmqpValue | undefined {
  if (typeof type !== 'string') return undefined;
  if (type === 'binary' && typeof value === 'string') return { type, value };
  if (type === 'decimal' && isTable(value)) {
    const { digits, places } = value;
    return isInteger(digits) && isInteger(places) ? { type, value: { digits, places } } : undefined;
  }
  return typeof value === 'number' ? typedNumber(type, value) : undefined;
}

function typedNumber(type: string, value: number): AmqpValue | undefined {
  if (type === 'double' || type === 'float64') return { type: 'double', value };
  if (type === 'float') return { type: 'float', value };
  if (!isInteger(value)) return undefined;
  if (type === 'timestamp') return { type, value };
  return isIntegerType(type) ? { type: integerTypes[type], value } : undefined;
}

/**
 * A string that is equal for two values exactly when a headers exchange finds them equal: integers of all widths by value, a
 * double never equal to an integer, bytes equal to their text, arrays and tables item by item with each item's type (rules
 * 4.2.5, 4.2.10). Recorded from 4.0.5 and 4.3.6: the broker turns a *header's* timestamp into milliseconds, and leaves a
 * *binding argument's* as it is, so the argument has to count milliseconds (an integer will do) to match.
 */
export function routingTerm(value: HeaderValue, from: 'header' | 'argument'): string {
  const amqp = amqpValue(value);
  switch (amqp.type) {
    case 'longstr':
      return `s${amqp.value}`;
    case 'binary':
      return bytesTerm(Buffer.from(amqp.value, 'base64'));
    case 'double':
      return `d${amqp.value}`;
    case 'float':
      return `d${Math.fround(amqp.value)}`;
    case 'bool':
      return `b${amqp.value}`;
    case 'void':
      return 'v';
    case 'decimal':
      return `D${amqp.value.places} ${amqp.value.digits}`;
    case 'array':
      return `[${JSON.stringify(amqp.value.map(itemTerm))}`;
    case 'table':
      return `[${JSON.stringify(entriesByName(amqp.value).map(([name, item]) => [name, ...itemTerm(item)]))}`;
    case 'timestamp':
      return `i${from === 'header' ? amqp.value * 1000 : amqp.value}`;
    default:
      return `i${amqp.value}`;
  }
}

/** Inside arrays and tables the type counts too, and a timestamp keeps its seconds. */
function itemTerm(value: HeaderValue): readonly [type: string, term: string] {
  return [amqpValue(value).type, routingTerm(value, 'argument')];
}

/** RabbitMQ compares tables in the order they were sent in; JSON objects have none that all agree on. */
function entriesByName(table: { readonly [key: string]: HeaderValue }): [string, HeaderValue][] {
  return Object.entries(table).sort(([one], [other]) => (one < other ? -1 : 1));
}

function bytesTerm(bytes: Uint8Array): string {
  try {
    return `s${new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)}`;
  } catch {
    return `x${Buffer.from(bytes).toString('hex')}`;
  }
}

function isInt64(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

function isInteger(value: HeaderValue | undefined): value is number {
  return Number.isInteger(value);
}

function isIntegerType(type: string): type is keyof typeof integerTypes {
  return Object.hasOwn(integerTypes, type);
}

function isArray(value: HeaderValue): value is readonly HeaderValue[] {
  return Array.isArray(value);
}

function isTable(value: HeaderValue | undefined): value is { readonly [key: string]: HeaderValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
