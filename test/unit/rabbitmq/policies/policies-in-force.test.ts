import type { DeclaredPolicy } from '../../../../rabbitmq/definitions/definitions.ts';
import { createPolicyBook } from '../../../../rabbitmq/policies/policies-in-force.ts';

function policy(name: string, changes: Partial<DeclaredPolicy> = {}): DeclaredPolicy {
  return {
    kind: 'policy',
    vhost: '/',
    name,
    pattern: '^q',
    applyTo: 'all',
    priority: 0,
    definition: {},
    path: ['policies', name],
    definitionPath: ['policies', name, 'definition'],
    ...changes,
  };
}

describe('the policy of an object', () => {
  it('is the one of the highest priority, and nothing of the others (rule 4.9.1)', () => {
    const low = policy('low', { priority: 1, definition: { 'max-length': 5, 'message-ttl': 7 } });
    const high = policy('high', { priority: 2, definition: { 'max-length': 9 } });
    const book = createPolicyBook([low, high]);

    expect(book.policyFor('classic', '/', 'q')).toBe(high);
    expect(book.problems()).toMatchObject([
      { class: 'warning', code: 'policy-hidden', path: low.path, message: expect.stringContaining('message-ttl') },
    ]);
  });

  it('hides nothing worth a word when the winner sets every key itself', () => {
    const low = policy('low', { priority: 1, definition: { 'max-length': 5 } });
    const high = policy('high', { priority: 2, definition: { 'max-length': 9 } });
    const book = createPolicyBook([low, high]);
    book.policyFor('classic', '/', 'q');

    expect(book.problems()).toEqual([]);
  });

  it('hides nothing worth a word when what is lost has no meaning on SQS, or to RabbitMQ', () => {
    const low = policy('low', { priority: 1, definition: { 'ha-mode': 'all', 'ha-sync-mode': 'automatic', typo: 1 } });
    const lower = policy('lower', { priority: 0, definition: { 'ha-mode': 'all', 'dead-letter-exchange': 'dlx' } });
    const book = createPolicyBook([low, lower, policy('high', { priority: 2, definition: { 'max-length': 9 } })]);
    book.policyFor('classic', '/', 'q');

    expect(book.problems()).toMatchObject([
      { code: 'policy-hidden', path: lower.path, fix: "repeat dead-letter-exchange in 'high'." },
    ]);
  });

  it.each([[['b', 'a']], [['a', 'b']]])(
    'is the first by name in a tie, whatever the order: %j (rule 4.9.2)',
    (names) => {
      const book = createPolicyBook(names.map((name) => policy(name)));

      expect(book.policyFor('classic', '/', 'q')?.name).toBe('a');
      expect(book.problems()).toMatchObject([{ class: 'warning', code: 'policy-tie', path: ['policies', 'b'] }]);
    },
  );

  it('ties only where both match', () => {
    const book = createPolicyBook([policy('a', { pattern: '^a$' }), policy('b', { pattern: '^b$' })]);
    book.policyFor('classic', '/', 'a');
    book.policyFor('classic', '/', 'b');

    expect(book.problems()).toEqual([]);
  });

  it.each([
    ['all', ['classic', 'quorum', 'stream', 'exchange']],
    ['exchanges', ['exchange']],
    ['queues', ['classic', 'quorum', 'stream']],
    ['classic_queues', ['classic']],
    ['quorum_queues', ['quorum']],
    ['streams', ['stream']],
  ] as const)('applies to %s: %j', (applyTo, owners) => {
    const book = createPolicyBook([policy('p', { applyTo })]);
    const all = ['classic', 'quorum', 'stream', 'exchange'] as const;

    expect(all.filter((owner) => book.policyFor(owner, '/', 'q'))).toEqual(owners);
  });

  it('is one of its own vhost', () => {
    expect(createPolicyBook([policy('p')]).policyFor('classic', 'other', 'q')).toBeUndefined();
  });

  it('is worth a word when it matches nothing', () => {
    expect(createPolicyBook([policy('p')]).problems()).toMatchObject([
      { class: 'compatible', code: 'policy-matches-nothing' },
    ]);
  });
});
