import { findingsIn, q } from '../findings-in.ts';

type Arguments = Readonly<Record<string, string | number>>;

/** What is said about the length of a queue with those arguments. */
function saidOf(table: Arguments, policy: Arguments = {}) {
  const policies = [{ vhost: '/', name: 'p', pattern: '^q$', 'apply-to': 'queues', priority: 0, definition: policy }];
  const document = { queues: [{ ...q, durable: true, arguments: table }], policies };
  return findingsIn(document)
    .filter(({ code }) => code.startsWith('overflow-') || code === 'not-honoured')
    .map(({ class: kind, code, path }) => [kind, code, path]);
}

const argument = (name: string) => `queues[0].arguments.${name}`;
const limit = { 'x-max-length': 2 };
const quorum = { 'x-queue-type': 'quorum' };

describe('what is said about a length limit', () => {
  it.each([
    ['nothing is refused where RabbitMQ drops the oldest, as it does unless told otherwise', limit],
    ['nor where it is told so', { ...limit, 'x-overflow': 'drop-head' }],
  ])('%s', (_, table) => {
    expect(saidOf(table)).toEqual([['warning', 'overflow-not-enforced', argument('x-max-length')]]);
  });

  it.each([
    ['reject-publish', {}],
    ['reject-publish-dlx', {}],
    ['reject-publish', quorum],
  ])('publishers are refused by %s, as SQS counts', (overflow, more) => {
    expect(saidOf({ ...limit, ...more, 'x-overflow': overflow })).toEqual([
      ['compatible', 'overflow-by-count', argument('x-max-length')],
    ]);
  });

  it('a quorum queue with reject-publish-dlx drops its oldest, so nothing is refused (rule 4.11.4)', () => {
    expect(saidOf({ ...limit, ...quorum, 'x-overflow': 'reject-publish-dlx' })).toEqual([
      ['warning', 'overflow-not-enforced', argument('x-max-length')],
      ['warning', 'overflow-of-another-type', argument('x-overflow')],
    ]);
  });

  it('a limit in bytes is an estimate', () => {
    expect(saidOf({ 'x-max-length-bytes': 100, 'x-overflow': 'reject-publish' })).toEqual([
      ['warning', 'overflow-bytes-estimated', argument('x-max-length-bytes')],
    ]);
  });

  it('a delay queue has no length', () => {
    const delay = { 'x-message-ttl': 5, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'q' };

    expect(saidOf({ ...limit, ...delay, 'x-overflow': 'reject-publish' })).toEqual([
      ['warning', 'overflow-not-enforced', argument('x-max-length')],
    ]);
  });

  it('it may come from a policy', () => {
    expect(saidOf({}, { 'max-length': 2 })).toEqual([['warning', 'overflow-not-enforced', 'queues[0]']]);
    expect(saidOf({}, { 'max-length': 2, overflow: 'reject-publish' })).toEqual([
      ['compatible', 'overflow-by-count', 'queues[0]'],
    ]);
  });

  it('nothing where there is none', () => {
    expect(saidOf({ 'x-overflow': 'reject-publish' })).toEqual([]);
  });
});
