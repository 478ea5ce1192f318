import { amqpValue, routingTerm } from '../../../rabbitmq/amqp-value.ts';
import type { HeaderValue } from '../../../rabbitmq/message.ts';

const typed = (type: string, value: HeaderValue): HeaderValue => ({ '!': type, value });
const base64 = (bytes: readonly number[]): HeaderValue => typed('binary', Buffer.from(bytes).toString('base64'));

/** Each as a header and as a binding argument on RabbitMQ 4.0.5 and 4.3.6, through amqplib. */
const values: Readonly<Record<string, HeaderValue>> = {
  text5: '5',
  abc: 'abc',
  abcBytes: base64([0x61, 0x62, 0x63]),
  noText: base64([0xff, 0xfe]),
  empty: '',
  int5: 5,
  ...Object.fromEntries(
    ['byte', 'short', 'int', 'long', 'unsignedbyte', 'uint8', 'int8', 'int16', 'int32', 'int64'].map((type) => [
      `${type}5`,
      typed(type, 5),
    ]),
  ),
  one: 1,
  oneDouble: typed('double', 1),
  oneFloat: typed('float', 1),
  oneAndHalf: 1.5,
  oneAndHalfFloat: typed('float', 1.5),
  tenth: 0.1,
  tenthFloat: typed('float', 0.1),
  zeroDouble: typed('double', 0),
  minusZeroDouble: typed('double', -0),
  yes: true,
  yesText: 'true',
  int5000: 5000,
  decimal: typed('decimal', { digits: 15, places: 1 }),
  decimal150: typed('decimal', { digits: 150, places: 2 }),
  array: ['a'],
  arrayOf5: [5],
  arrayOfByte5: [typed('byte', 5)],
  emptyArray: [],
  emptyTable: {},
  table: { a: 'b' },
  table2: { a: 'b', c: 1 },
  unknownType: typed('complex', 5),
  unfitValue: typed('int', '5'),
};

/** Groups of what the brokers found equal; every other pair was different. */
const equal: readonly (readonly string[])[] = [
  ['int5', 'byte5', 'short5', 'int5', 'long5', 'unsignedbyte5', 'uint85', 'int85', 'int165', 'int325', 'int645'],
  ['abc', 'abcBytes'],
  ['oneDouble', 'oneFloat'],
  ['oneAndHalf', 'oneAndHalfFloat'],
  ['zeroDouble', 'minusZeroDouble'],
  ['emptyArray', 'emptyTable'],
];

describe('a header and a binding argument', () => {
  it('are equal when RabbitMQ found them equal, and only then (rules 4.2.5, 4.2.10)', () => {
    const matching = (header: HeaderValue): string[] =>
      Object.keys(values).filter(
        (name) => routingTerm(values[name] ?? null, 'argument') === routingTerm(header, 'header'),
      );

    for (const [name, header] of Object.entries(values)) {
      const group = equal.find((names) => names.includes(name)) ?? [name];
      expect([name, ...matching(header).sort()]).toEqual(
        [name, ...new Set(group)].slice(0, 1).concat([...new Set(group)].sort()),
      );
    }
  });

  it('count a timestamp in milliseconds in the header, as it stands in the argument (recorded from 4.0.5 and 4.3.6)', () => {
    const header = routingTerm(typed('timestamp', 5), 'header');

    expect(header).toBe(routingTerm(5000, 'argument'));
    expect(header).toBe(routingTerm(typed('timestamp', 5000), 'argument'));
    expect(header).not.toBe(routingTerm(typed('timestamp', 5), 'argument'));
    expect(header).not.toBe(routingTerm(5, 'argument'));
  });

  it('hold tables that are equal whatever the order of their keys, which JSON does not keep', () => {
    expect(routingTerm({ a: 1, b: [2] }, 'header')).toBe(routingTerm({ b: [2], a: 1 }, 'argument'));
    expect(routingTerm({ a: 1 }, 'header')).not.toBe(routingTerm({ b: 1 }, 'argument'));
  });

  it('hold timestamps inside tables and arrays in seconds on both sides', () => {
    const value = [typed('timestamp', 5)];

    expect(routingTerm(value, 'header')).toBe(routingTerm(value, 'argument'));
    expect(routingTerm(value, 'header')).not.toBe(routingTerm([5], 'argument'));
  });
});

describe('the AMQP type of a header', () => {
  it.each([
    ['longstr', 'text'],
    ['long', 5],
    ['long', -(2 ** 63)],
    ['double', 2 ** 63],
    ['double', 0.5],
    ['bool', false],
    ['void', null],
    ['array', []],
    ['table', {}],
    ['table', { '!': 5, value: 5 }],
    ['table', { '!': 'toString', value: 5 }],
    ['table', { '!': 'decimal', value: { digits: 1 } }],
    ['table', { '!': 'timestamp', value: 1.5 }],
    ['signedint', { '!': 'int32', value: 5 }],
    ['unsignedshort', { '!': 'uint16', value: 5 }],
    ['double', { '!': 'float64', value: 5 }],
    ['float', { '!': 'float', value: 5 }],
    ['timestamp', { '!': 'timestamp', value: 5 }],
    ['binary', { '!': 'binary', value: 'YQ==' }],
    ['decimal', { '!': 'decimal', value: { digits: 1, places: 2 } }],
  ] as const)('is %s for %j', (type, value) => {
    expect(amqpValue(value).type).toBe(type);
  });
});
