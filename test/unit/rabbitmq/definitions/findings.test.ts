import { analyse } from '../../../../rabbitmq/analyse.ts';
import { formatFinding, stopsDeployment } from '../../../../rabbitmq/definitions/finding.ts';

/** The findings of a document written with two spaces, one member a line. */
const findingsIn = (document: object) => analyse(JSON.stringify(document, null, 2)).findings;

const x = { name: 'x', type: 'fanout' };
const q = { name: 'q' };
const binding = { source: 'x', destination: 'q', destination_type: 'queue', routing_key: '' };

describe('what is not understood', () => {
  it('is unknown, at the place where it stands, and stops a deployment', () => {
    const findings = findingsIn({ queues: [{ name: 'q', arguments: { 'x-message-ttl': 60000 } }] });

    expect(findings).toMatchObject([
      { class: 'unknown', code: 'unknown-key', path: 'queues[0].arguments.x-message-ttl', line: 6, column: 26 },
    ]);
    expect(findings.every(stopsDeployment)).toBe(true);
  });

  it('is reported each by itself, and no topology is made of the rest', () => {
    const text = JSON.stringify({ shovels: [], queues: [{ ...q, owner: 'me', arguments: { 'x-expires': 1 } }] });

    const { topology, findings } = analyse(text);

    expect(findings.map(({ path }) => path).sort()).toEqual([
      'queues[0].arguments.x-expires',
      'queues[0].owner',
      'shovels',
    ]);
    expect(topology.queues).toEqual([]);
  });

  it('includes names that every JavaScript object has', () => {
    const { findings } = analyse('{"queues": [{"name": "q", "__proto__": {"durable": true}}]}');

    expect(findings).toMatchObject([{ class: 'unknown', path: 'queues[0].__proto__' }]);
  });
});

describe('what cannot be honoured', () => {
  it.each([
    ['an exchange type nobody routes', { exchanges: [{ ...x, type: 'headers' }] }, 'exchanges[0].type', 5, 15],
    ['a transient queue', { queues: [{ ...q, durable: false }] }, 'queues[0].durable', 5, 18],
    ['an auto-deleted queue', { queues: [{ ...q, auto_delete: true }] }, 'queues[0].auto_delete', 5, 22],
    [
      'a stream',
      { queues: [{ ...q, arguments: { 'x-queue-type': 'stream' } }] },
      'queues[0].arguments.x-queue-type',
      6,
      25,
    ],
    [
      'a delivery limit of 0',
      { queues: [{ ...q, arguments: { 'x-delivery-limit': 0 } }] },
      'queues[0].arguments.x-delivery-limit',
      6,
      29,
    ],
    ['a name over 255 bytes', { queues: [{ name: '订'.repeat(86) }] }, 'queues[0].name', 4, 15],
    ['a policy', { policies: [{}] }, 'policies', 2, 15],
    ['an object where a list belongs', { bindings: {} }, 'bindings', 2, 15],
    ['a missing name, shown at its object', { queues: [{ vhost: '/' }] }, 'queues[0].name', 3, 5],
  ])('is blocking, at the place where it stands: %s', (_, document, path, line, column) => {
    const findings = findingsIn(document);

    expect(findings).toMatchObject([{ class: 'blocking', code: 'cannot-be-honoured', path, line, column }]);
    expect(findings.every(stopsDeployment)).toBe(true);
  });

  it('includes a document that is no object', () => {
    expect(analyse('[]').findings).toMatchObject([{ class: 'blocking', path: '', line: 1, column: 1 }]);
  });

  it('does not include a name of exactly 255 bytes', () => {
    expect(findingsIn({ queues: [{ name: '订'.repeat(85) }] })).toEqual([]);
  });
});

describe('references that lead nowhere', () => {
  it.each([
    ['source', { ...binding, source: 'gone' }, 'bindings[0].source', 15],
    ['destination queue', { ...binding, destination: 'gone' }, 'bindings[0].destination', 16],
    [
      'destination exchange',
      { ...binding, destination: 'q', destination_type: 'exchange' },
      'bindings[0].destination',
      16,
    ],
    ['source in another vhost', { ...binding, vhost: 'other' }, 'bindings[0].source', 15],
  ])('block: a binding’s %s (rule 4.9.9)', (_, dangling, path, line) => {
    const [finding] = findingsIn({ exchanges: [x], queues: [q], bindings: [dangling] });

    expect(finding).toMatchObject({ class: 'blocking', code: 'dangling-binding', path, line });
  });

  it('do not include the predeclared exchanges, as source or destination', () => {
    const bindings = [
      { ...binding, source: 'amq.topic' },
      { ...binding, destination: 'amq.fanout', destination_type: 'exchange' },
    ];

    expect(findingsIn({ exchanges: [x], queues: [q], bindings })).toEqual([]);
  });

  it('warn, because RabbitMQ takes them: a missing alternate or dead-letter exchange (rules 4.4.7, 4.6.6)', () => {
    const findings = findingsIn({
      exchanges: [{ ...x, arguments: { 'alternate-exchange': 'gone' } }],
      queues: [{ ...q, arguments: { 'x-dead-letter-exchange': 'gone' } }],
    });

    expect(findings).toMatchObject([
      { class: 'warning', code: 'missing-alternate-exchange', path: 'exchanges[0].arguments.alternate-exchange' },
      { class: 'warning', code: 'missing-dead-letter-exchange', path: 'queues[0].arguments.x-dead-letter-exchange' },
    ]);
    expect(findings.some(stopsDeployment)).toBe(false);
  });

  it('block: a dead-letter key without a dead-letter exchange (rule 4.6.5)', () => {
    expect(findingsIn({ queues: [{ ...q, arguments: { 'x-dead-letter-routing-key': 'late' } }] })).toMatchObject([
      {
        class: 'blocking',
        code: 'dead-letter-key-without-exchange',
        path: 'queues[0].arguments.x-dead-letter-routing-key',
        line: 6,
        column: 38,
      },
    ]);
  });

  it('do not include a dead-letter exchange that is the default one', () => {
    expect(findingsIn({ queues: [{ ...q, arguments: { 'x-dead-letter-exchange': '' } }] })).toEqual([]);
  });
});

describe('declarations', () => {
  it('block when a vhost has two of one name, at the second', () => {
    const findings = findingsIn({ exchanges: [x, x], queues: [q, { ...q, vhost: 'other' }, q] });

    expect(findings).toMatchObject([
      { class: 'blocking', code: 'declared-twice', path: 'exchanges[1]' },
      { class: 'blocking', code: 'declared-twice', path: 'queues[2]' },
    ]);
  });

  it('of predeclared exchanges are a warning (rule 4.3.5)', () => {
    expect(findingsIn({ exchanges: [{ ...x, name: 'amq.topic' }] })).toMatchObject([
      { class: 'warning', code: 'predeclared-exchange', path: 'exchanges[0].name', line: 4, column: 15 },
    ]);
  });

  it('of predeclared exchanges are skipped, as RabbitMQ skips them on import (rule 4.3.5)', () => {
    const { topology } = analyse(JSON.stringify({ exchanges: [{ ...x, name: 'amq.topic' }] }));

    expect(topology.exchanges).toEqual([]);
  });
});

describe('a finding on one line', () => {
  it('names file, place, class, path, what is wrong and what helps', () => {
    const [finding] = findingsIn({ policies: [{}] });
    if (!finding) throw new Error('no finding');

    expect(formatFinding('topology/definitions.json', finding)).toMatch(
      /^topology\/definitions\.json:2:15 blocking: policies: .+ Fix: .+\.$/,
    );
    expect(formatFinding('d.json', { ...finding, path: '' })).toMatch(/^d\.json:2:15 blocking: is not honoured/);
  });
});
