import { decodeHeaders } from '../../../../../lambdas/shared/amqplib/decode-headers.ts';
import { encodeHeaders } from '../../../../../lambdas/shared/amqplib/encode-headers.ts';
import { decodeRecord, encodeMessage } from '../../../../../lambdas/shared/broker/envelope.ts';
import { routingTerm } from '../../../../../rabbitmq/amqp-value.ts';
import type { HeaderValue } from '../../../../../rabbitmq/message.ts';
import { message, recordOf } from '../../builders.ts';

const typed = (type: unknown, value: unknown) => ({ '!': type, value });
class Named {
  readonly name = 'n';
  get hidden() {
    return 'h';
  }
}

/** What a consumer is handed, as amqplib would hand it over. */
function readBack(headers: object): object {
  const { headers: read } = decodeRecord(recordOf(encodeMessage(message({ headers: encodeHeaders(headers) }))), {
    vhost: '/',
    name: 'orders',
  });
  return decodeHeaders(read);
}

describe('a header of amqplib', () => {
  it.each<[string, unknown, HeaderValue]>([
    ['text', 'a', 'a'],
    ['a number', 1.5, 1.5],
    ['nothing', null, null],
    ['bytes', Buffer.from([0xff, 0]), { '!': 'binary', value: '/wA=' }],
    ['a date, which has no enumerable fields', new Date(0), {}],
    ['an instance: its own and inherited enumerable fields', Object.create(new Named()), { name: 'n' }],
    ['bytes that are no Buffer', new Uint8Array([7]), { 0: 7 }],
    ['a table, undefined left out', { a: undefined, b: { c: undefined, d: 1 } }, { b: { d: 1 } }],
    ['an array', ['a', [true]], ['a', [true]]],
    ['an integer of some width', typed('int', 5), typed('int', 5) as HeaderValue],
    ['an integer, cut as amqplib writes it', typed('byte', '5.7'), typed('byte', 5) as HeaderValue],
    ['an integer of 64 bits', typed('long', 2n ** 60n), typed('long', 2 ** 60) as HeaderValue],
    ['a timestamp', typed('timestamp', 5), typed('timestamp', 5) as HeaderValue],
    ['a double', typed('double', 1), typed('double', 1) as HeaderValue],
    ['a float', typed('float', '1.5'), typed('float', 1.5) as HeaderValue],
    [
      'a decimal',
      typed('decimal', { digits: 15, places: 1 }),
      typed('decimal', { digits: 15, places: 1 }) as HeaderValue,
    ],
    ['text with its type', typed('string', 'a'), 'a'],
    ['a number with its type', typed('number', 5), 5],
    ['a boolean with its type', typed('boolean', 1), true],
    ['a table with its type', typed('object', { a: 1 }), { a: 1 }],
  ])('is what amqplib would send: %s', (_, value, encoded) => {
    expect(encodeHeaders({ value })).toEqual({ value: encoded });
  });

  it.each<[string, unknown, Error]>([
    ['a big integer', 1n, new TypeError('Unknown type to encode: bigint')],
    ['a function', () => {}, new TypeError('Unknown type to encode: function')],
    ['undefined in an array', [1, undefined], new TypeError('Unknown type to encode: undefined')],
    ['a type nobody knows', typed('binary', 'YQ=='), new TypeError('Unknown type to encode: binary')],
    ['a type that is no text', typed(5, 5), new TypeError('Unknown type to encode: 5')],
    ['text that is none', typed('string', 5), expect.any(TypeError)],
    ['a decimal with too many places', typed('decimal', { digits: 1, places: 256 }), expect.any(TypeError)],
    ['an integer over its width', typed('byte', 128), expect.any(RangeError)],
    ['an integer that is none', typed('int', 'x'), expect.any(RangeError)],
    ['a fraction as 64 bits', typed('long', 1.5), expect.any(RangeError)],
    ['a negative timestamp', typed('timestamp', -1), expect.any(RangeError)],
    ['64 bits that no number holds', typed('long', 2n ** 53n + 1n), expect.any(RangeError)],
    ['no number', Number.NaN, expect.any(RangeError)],
    ['an infinite number, which breaks the connection', Number.POSITIVE_INFINITY, expect.any(RangeError)],
    ['an infinite double', typed('double', Number.NEGATIVE_INFINITY), expect.any(RangeError)],
    ['an integer under 64 bits', -(2 ** 64), expect.any(RangeError)],
  ])('is refused as amqplib, or a broker, refuses it: %s', (_, value, error) => {
    expect(() => encodeHeaders({ value })).toThrow(error);
  });

  it('is refused when its name is over 255 bytes, or when it goes round', () => {
    const round: Record<string, unknown> = {};
    round['self'] = round;

    expect(() => encodeHeaders({ ['é'.repeat(128)]: 1 })).toThrow(RangeError);
    expect(() => encodeHeaders(round)).toThrow('nested');
    expect(() => encodeHeaders({ round: Object.assign(round, typed('object', round)) })).toThrow('nested');
  });

  it('is refused when it is nested deeper than a consumer can read, by its last level, too', () => {
    const nested = (depth: number, inmost: unknown): object =>
      Array.from({ length: depth }).reduce<object>((table) => ({ table }), { inmost });

    expect(readBack(nested(62, 'text'))).toEqual(nested(62, 'text'));
    expect(() => encodeHeaders(nested(63, 'text'))).toThrow(RangeError);
    expect(() => encodeHeaders(nested(62, Buffer.from('a')))).toThrow(RangeError);
  });

  it('keeps its name, whatever that is', () => {
    expect(Object.entries(encodeHeaders(JSON.parse('{"__proto__":1}')))).toEqual([['__proto__', 1]]);
  });

  it('is read by a consumer as amqplib reads it: numbers of all types as numbers, bytes as a Buffer', () => {
    const headers = {
      bytes: Buffer.from([0xff, 0]),
      nested: [{ bytes: Buffer.from('a') }, null],
      int: typed('int', 5),
      double: typed('double', 1),
      timestamp: typed('timestamp', 5),
      decimal: typed('decimal', { digits: 15, places: 1 }),
    };

    expect(readBack(headers)).toEqual({ ...headers, int: 5, double: 1 });
  });

  it('that is bytes routes as its text does (rule 4.2.5)', () => {
    const { bytes = null } = encodeHeaders({ bytes: Buffer.from('shop') });

    expect(routingTerm(bytes, 'header')).toBe(routingTerm('shop', 'argument'));
  });
});
