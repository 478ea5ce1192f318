import type { Options } from 'amqplib';
import { binding, exchange, queue } from '../../defined.ts';
import { first, last, letter, table } from '../letters.ts';
import { dying, nack, publishTo, reject, type Scenario } from '../scenario.ts';

const ownKey = 'own';

/** `work` takes what has the key `key`; its letters are routed by key, to queues that are named like it. */
const rejected = (name: string, key: string | undefined, options: Options.Publish, firstKey = 'key'): Scenario => ({
  name,
  exchanges: [exchange('in', 'direct'), exchange('dlx', 'direct')],
  queues: [dying('work', 'dlx', key), ...['own', 'key', 'cc', 'bcc', 'none'].map((one) => queue(one))],
  bindings: [
    binding('in', 'work', 'key'),
    ...['own', 'key', 'cc', 'bcc', 'none'].map((one) => binding('dlx', one, one)),
  ],
  steps: [publishTo('in', firstKey, options), reject('work')],
});

/** Twice: in `work`, then in `again`, where letters of the key `first` come. */
const rejectedTwice = (name: string, first: string | undefined, second: string | undefined): Scenario => ({
  name,
  exchanges: [exchange('in', 'direct'), exchange('dlx', 'direct'), exchange('next', 'direct')],
  queues: [
    dying('work', 'dlx', first),
    dying('again', 'next', second),
    ...['own', 'key', 'cc', 'bcc'].map((one) => queue(one)),
  ],
  bindings: [
    binding('in', 'work', 'key'),
    binding('dlx', 'again', first ?? 'key'),
    ...['own', 'key', 'cc', 'bcc'].map((one) => binding('next', one, one)),
  ],
  steps: [publishTo('in', 'key', { CC: ['cc'], BCC: ['bcc'] }), reject('work'), reject('again')],
});

export const keyScenarios: readonly Scenario[] = [
  rejected('without a key of its own a letter keeps the key of the message (rule 4.6.3)', undefined, {}),
  rejected('a letter has the key of its queue (rule 4.6.3)', ownKey, {}),
  {
    ...rejected('what is nacked is dead-lettered as what is rejected (rule 4.6.1)', undefined, {}),
    steps: [publishTo('in', 'key'), nack('work')],
  },
  rejected('the keys of CC route a letter (rule 4.6.3)', undefined, { CC: ['cc'] }),
  rejected('the keys of BCC route a letter, and nobody sees them (rules 4.6.3, 4.6.9)', undefined, { BCC: ['bcc'] }),
  rejected('the keys of CC and BCC route a letter together', undefined, { CC: ['cc'], BCC: ['bcc'] }),
  rejected('with a key of its own the keys of CC route no letter (rule 4.6.4)', ownKey, { CC: ['cc'] }),
  rejected('with a key of its own the keys of BCC route no letter (rule 4.6.4)', ownKey, { BCC: ['bcc'] }),
  rejected('with a key of its own the keys of CC and BCC route no letter', ownKey, { CC: ['cc'], BCC: ['bcc'] }),
  rejected(
    'a message that came by CC has all its keys as a letter (rules 4.6.3, 4.6.9)',
    undefined,
    { CC: ['key'] },
    'none',
  ),
  rejected('a message that came by BCC has all its keys as a letter (rule 4.6.3)', undefined, { BCC: ['key'] }, 'none'),
  rejected('a message that came by CC and has a key of its own as a letter', ownKey, { CC: ['key'] }, 'none'),
  {
    ...rejected('an empty key of its own is a key (rule 4.6.3)', '', { CC: ['cc'] }),
    bindings: [binding('in', 'work', 'key'), binding('dlx', 'own', ''), binding('dlx', 'key', 'key')],
  },
  rejectedTwice('CC and BCC route the second letter, too (rule 4.6.3)', undefined, undefined),
  rejectedTwice('the key of the first letter stays with the second (rules 4.6.3, 4.6.4)', ownKey, undefined),
  rejectedTwice('the second letter has a key of its own (rule 4.6.4)', undefined, ownKey),
  rejectedTwice('both letters have keys of their own (rule 4.6.4)', 'first', ownKey),
  rejected('the key of the message is among CC', undefined, { CC: ['key', 'cc', 'cc'] }),
  rejected('the key of the message is among BCC', undefined, { BCC: ['key'] }),
  rejected('one key is among CC and BCC', undefined, { CC: ['cc'], BCC: ['cc', 'bcc'] }),
  {
    ...rejectedTwice('the key of the first letter is among BCC (rule 4.6.9)', 'bcc', undefined),
    differs: [
      {
        from: '3.13',
        reason:
          'They hide what was BCC once, though it is the key of a queue now (mc.erl, record_death/3). Warren shows it.',
        queues: {
          bcc: [
            letter('next', 'bcc', {
              CC: ['cc'],
              'x-death': [table('rejected', 'again', 'dlx', []), table('rejected', 'work', 'in', ['key', 'cc'])],
              ...first('rejected', 'work', 'in'),
              ...last('rejected', 'again', 'dlx'),
            }),
          ],
        },
      },
    ],
  },
  rejectedTwice('the key of the second letter is among BCC', undefined, 'bcc'),
];
