import type { PublishCase } from './definitions-files.ts';

/** Keys every exchange is tried with: words, empty words, wildcards as text, case, blanks, several bytes a character. */
const everyday = ['', 'a', 'b', 'A', 'a.b', 'b.a', 'a.b.c', 'a.', '.', '#', '*', ' a ', '订单.已支付', 'x'];

/** More for the topic patterns, each of which has a queue of its own. */
const manyWords = [
  ...[
    '..',
    '...',
    '.a',
    '.b',
    'b.',
    'a..b',
    'a...b',
    'a.x.b',
    'a.x.y.b',
    'a.b.',
    '.a.b',
    'b.b',
    'a.a',
    'a.a.b',
    'b.a.b',
    'a.b.a.b',
  ],
  ...[
    'a.#',
    '#.a',
    'a.*',
    '*.b',
    '#.#',
    '*.*',
    'a*',
    '#b',
    'a.b*.c',
    'a.bx.c',
    'a.b.c.d',
    'a.b.c.d.e',
    'a.b.c.d.e.f',
    'A.B',
    'A.b',
  ],
  ...[
    ' a . b ',
    'a. b',
    '订单',
    '订单.',
    '订单.已支付.x',
    'größe',
    'größe.x.y',
    'GRÖSSE',
    'gro\u0308ße',
    'a.🧾',
    '🧾',
    '🧾.🧾',
    'a/b.c',
    'a/b',
    '\u0000',
  ],
  `${'a.'.repeat(100)}b`,
  'ü'.repeat(127),
  'x'.repeat(255),
];

const publishable = [
  ...[
    'amq.topic',
    'amq.direct',
    'amq.fanout',
    'direct',
    'fanout',
    'nothing-bound',
    'nothing-bound-direct',
    'nothing-bound-topic',
  ],
  ...['cycle-topic', 'cycle-direct', 'cycle-fanout', 'self', 'top', 'left', 'right', 'via-amq'],
  ...[
    'chain-1',
    'chain-2',
    'ends-nowhere',
    'circle-1',
    'circle-2',
    'own-alternate',
    'missing-alternate',
    'default-alternate',
  ],
  ...['bound-elsewhere', 'bound-and-alternate', 'alternate-inside'],
];

const copies: readonly Omit<PublishCase, 'vhost'>[] = [
  { exchange: 'direct', routing_key: 'a', cc: ['b'] },
  { exchange: 'direct', routing_key: 'a', cc: ['a', 'a'] },
  { exchange: 'direct', routing_key: 'nobody', cc: ['b', '订单.已支付'] },
  { exchange: 'direct', routing_key: 'nobody', cc: [] },
  { exchange: 'direct', routing_key: '', bcc: ['a'] },
  { exchange: 'direct', routing_key: 'nobody', cc: ['a'], bcc: ['b', '*'] },
  { exchange: 'patterns', routing_key: 'a.b', cc: ['b.a', ''] },
  { exchange: 'patterns', routing_key: '', cc: ['.'] },
  { exchange: 'patterns', routing_key: 'x.y.z', bcc: ['a.x.b', 'a..b'] },
  { exchange: '', routing_key: 'a', cc: ['a.b', 'nobody'] },
  { exchange: '', routing_key: 'nobody', cc: ['#', '*'] },
  { exchange: '', routing_key: 'nobody', bcc: ['订单.已支付'] },
  { exchange: '', routing_key: 'a', cc: ['a'], bcc: ['a'] },
  { exchange: 'fanout', routing_key: 'a', cc: ['b'] },
  { exchange: 'amq.topic', routing_key: 'x', cc: ['a.x'] },
  { exchange: 'cycle-topic', routing_key: 'x', cc: ['a.b'] },
  { exchange: 'top', routing_key: 'a', cc: ['x.b'] },
  { exchange: 'chain-1', routing_key: 'x', cc: ['a'] },
  { exchange: 'chain-1', routing_key: 'x', cc: ['y.b'] },
  { exchange: 'chain-1', routing_key: 'x', bcc: ['*'] },
  { exchange: 'circle-1', routing_key: 'x', cc: ['b'] },
  { exchange: 'bound-and-alternate', routing_key: 'x', cc: ['b'] },
];

const routing: readonly PublishCase[] = [
  ...crossed('routing', ['patterns'], [...everyday, ...manyWords]),
  ...crossed('routing', publishable, everyday),
  ...crossed('routing', [''], [...everyday, 'direct:one', 'topic:a', 'nobody', 'only-here']),
  ...copies.map((one) => ({ vhost: 'routing', ...one })),
  ...crossed('other', ['patterns', 'amq.fanout', 'amq.direct', ''], ['a', 'a.b', 'topic:hash', 'only-here', '']),
];

const example: readonly PublishCase[] = [
  ...crossed(
    '/',
    ['payments', 'orders', 'dead-letters'],
    [
      'payment.success',
      'payment.refund',
      'payment',
      'order',
      'order.paid',
      'order.paid.late',
      'order.closed',
      'order.',
      '',
      'ORDER.PAID',
    ],
  ),
  ...crossed('/', [''], ['orders.payments', 'ledger.entries', 'unrouted', 'dead-letters', 'orders', 'order.paid', '']),
  { vhost: '/', exchange: 'payments', routing_key: 'payment.success', cc: ['order.paid'] },
  { vhost: '/', exchange: 'orders', routing_key: 'order.paid', cc: ['order.paid', 'order.closed'] },
  { vhost: '/', exchange: 'orders', routing_key: 'other', cc: ['order'] },
  { vhost: '/', exchange: 'orders', routing_key: 'other', bcc: ['order.paid'] },
];

export const routingCases: readonly PublishCase[] = [...example, ...routing];

function crossed(vhost: string, exchanges: readonly string[], keys: readonly string[]): PublishCase[] {
  return exchanges.flatMap((exchange) => keys.map((routing_key) => ({ vhost, exchange, routing_key })));
}
