import { both, mandatory, type Scenario, type Step, step } from './scenario.ts';

const typed = (type: string, value: unknown) => ({ '!': type, value });
class Tenant {
  readonly tenant = 'shop';
}

/** Told by what a consumer reads of them, and by where they are routed to. */
const encoded: readonly (readonly [name: string, step: Step])[] = [
  ['a header that is undefined', step('headers', '', { headers: { tenant: undefined } })],
  [
    'headers beside and in which some are undefined',
    step('headers', '', { headers: { tenant: 'shop', trace: undefined, n: { u: undefined, v: 1 } } }),
  ],
  ['a header that is bytes', step('headers', '', { headers: { tenant: Buffer.from('shop') } })],
  ['a header that is bytes and no text', step('direct', 'key', { headers: { bytes: Buffer.from([0xff, 0]) } })],
  ['a header that is inherited', step('headers', '', { headers: Object.create(new Tenant()) })],
  ['a header with its type as text', step('headers', '', { headers: { tenant: typed('string', 'shop') } })],
  [
    'headers of all kinds',
    step('direct', 'key', {
      headers: {
        text: 'a',
        yes: true,
        none: null,
        integer: 300,
        wide: 2 ** 60,
        double: 1.5,
        array: ['a', 1, [null], { b: 2 }],
        table: { a: { b: 'c' } },
        date: new Date(0),
        bytes: new Uint8Array([7]),
        int: typed('int', 5),
        cut: typed('byte', 1.9),
        long: typed('long', 5n),
        whole: typed('double', 2),
        timestamp: typed('timestamp', 5),
        decimal: typed('decimal', { digits: 15, places: 1 }),
      },
    }),
  ],
  ['headers that are null', step('direct', 'key', { headers: null })],
  ['options that are null', step('direct', 'key', null)],
  ['an exchange that is undefined', step(undefined as never, 'one')],
  ['an empty message id', step('direct', 'key', { messageId: '' })],
  ['a message id that is null', step('direct', 'key', { messageId: null as never })],
  ['a fraction in the priority', step('direct', 'key', { priority: 4.5 })],
  ['a timestamp of 0', step('direct', 'key', { timestamp: 0 })],
  ['a delivery mode of true', step('direct', 'key', { deliveryMode: true })],
  ['a delivery mode of false', step('direct', 'key', { deliveryMode: false })],
  ['a fraction in the delivery mode', step('direct', 'key', { deliveryMode: 2.9 })],
  ['persistent and a delivery mode', step('direct', 'key', { persistent: false, deliveryMode: 2 })],
  ['keys in CC that are no text', step('direct', 'none', { CC: ['key', 5 as never] })],
  ['CC beside a header of that name', step('direct', 'none', { headers: { CC: ['none'] }, CC: 'key' })],
  [
    'a return with all it was published with',
    mandatory(
      step('direct', 'none', {
        headers: { bytes: Buffer.from([0xff]), double: typed('double', 1), timestamp: typed('timestamp', 5) },
        CC: ['copied'],
        BCC: ['hidden'],
        messageId: '',
        priority: 4.5,
        persistent: true,
        expiration: 5000,
        contentType: 'text/plain',
        timestamp: 7,
      }),
    ),
  ],
];

/** What amqplib throws for: the channel goes on as if nothing had been. */
const thrown: readonly (readonly [name: string, step: Step])[] = [
  ['a header that is a big integer', step('headers', '', { headers: { tenant: 1n } })],
  ['a header that is a function', step('headers', '', { headers: { tenant: () => {} } })],
  ['a header of an unknown type', step('headers', '', { headers: { tenant: typed('binary', 'c2hvcA==') } })],
  ['an array with undefined in it', step('headers', '', { headers: { tenant: [undefined] } })],
  ['a header that is no number', step('headers', '', { headers: { tenant: Number.NaN } })],
  ['a header with a long name', step('headers', '', { headers: { ['x'.repeat(256)]: 1 } })],
  ['an integer over its width', step('headers', '', { headers: { tenant: typed('byte', 128) } })],
  ['an exchange that is no text', step(5 as never, 'key')],
  ['a routing key over 255 bytes', step('direct', 'é'.repeat(128))],
  ['a message id that is no text', step('direct', 'key', { messageId: 5 as never })],
  ['a type over 255 bytes', step('direct', 'key', { type: 'x'.repeat(256) })],
  ['a priority over a byte', step('direct', 'key', { priority: 256 })],
  ['a priority that is text', step('direct', 'key', { priority: '4' as never })],
  ['a delivery mode over a byte', step('direct', 'key', { deliveryMode: 256 })],
  ['a timestamp with a fraction', step('direct', 'key', { timestamp: 1_700_000_000.5 })],
  ['a negative timestamp', step('direct', 'key', { timestamp: -1 })],
  ['a timestamp that is a Date', step('direct', 'key', { timestamp: new Date(0) as never })],
  ['an expiration that is null', step('direct', 'key', { expiration: null as never })],
  ['a content that is no buffer', { ...step('direct', 'key'), content: 'text' as never }],
];

/** Hashed by a property: rules 4.10.3, 4.10.4. */
const hashed: readonly (readonly [name: string, steps: readonly Step[]])[] = [
  ['no message id', Array.from({ length: 8 }, (_, at) => step('by-id', `${at}`, {}, `${at}`))],
  ['an empty message id', [step('by-id', '', { messageId: '' })]],
  ['message ids', ['a', 'b', 'c', 'd', 'e', 'f'].map((messageId) => step('by-id', '', { messageId }, messageId))],
  ['no timestamp', Array.from({ length: 8 }, (_, at) => step('by-time', `${at}`, {}, `${at}`))],
  ['timestamps', [0, 1, 2, 3, 7].map((timestamp) => step('by-time', '', { timestamp }, `${timestamp}`))],
];

/** How amqplib writes what it is given. */
export const encodingScenarios: readonly Scenario[] = [
  ...encoded.map(([name, one]): Scenario => ({ name, confirm: true, steps: [one] })),
  ...thrown.flatMap(([name, one]) =>
    both(`thrown for ${name}, between two that are published`, [
      step('direct', 'key', {}, 'before'),
      { ...one, label: 'wrong' },
      step('direct', 'key', {}, 'after'),
    ]),
  ),
  ...hashed.map(([name, steps]): Scenario => ({ name: `hashed by ${name}`, confirm: true, steps })),
];
