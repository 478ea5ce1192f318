import { analyse } from '../../../../rabbitmq/analyse.ts';
import { formatFinding, stopsDeployment } from '../../../../rabbitmq/definitions/finding.ts';
import { binding, findingsIn, found, q, x } from '../findings-in.ts';

describe('what is not understood', () => {
  it('is unknown, at the place where it stands, and stops a deployment', () => {
    const findings = found('unknown-argument', { queues: [{ name: 'q', arguments: { 'x-of-a-plugin': 60000 } }] });

    expect(findings).toMatchObject([
      { class: 'unknown', path: 'queues[0].arguments.x-of-a-plugin', line: 6, column: 26 },
    ]);
    expect(findings.every(stopsDeployment)).toBe(true);
  });

  it('is reported each by itself', () => {
    const findings = findingsIn({ shovels: [], queues: [{ ...q, owner: 'me', arguments: { 'x-of-a-plugin': 1 } }] });

    expect(findings.filter(stopsDeployment).map(({ code, path }) => `${code} ${path}`)).toEqual([
      'unknown-key shovels',
      'unknown-key queues[0].owner',
      'unknown-argument queues[0].arguments.x-of-a-plugin',
    ]);
  });

  it('includes names that every JavaScript object has', () => {
    const { findings } = analyse('{"queues": [{"name": "q", "__proto__": {"durable": true}, "constructor": 1}]}');

    expect(findings.filter(stopsDeployment)).toMatchObject([
      { class: 'unknown', code: 'unknown-key', path: 'queues[0].__proto__' },
      { class: 'unknown', code: 'unknown-key', path: 'queues[0].constructor' },
    ]);
  });

  it.each(['toString', '__proto__', 'constructor'])(
    'includes an argument, a section and a component called %s',
    (name) => {
      const text = `{"${name}": 1, "parameters": [{"component": "${name}", "name": "p", "value": {}}],
      "exchanges": [{"name": "x", "type": "${name}", "arguments": {"${name}": 1}}]}`;

      expect(analyse(text).findings.filter(stopsDeployment)).toMatchObject([
        { class: 'unknown', code: 'unknown-key', path: name },
        { class: 'unknown', code: 'unknown-parameter', path: 'parameters[0].component' },
        { class: 'unknown', code: 'exchange-type', path: 'exchanges[0].type' },
        { class: 'unknown', code: 'unknown-argument', path: `exchanges[0].arguments.${name}` },
      ]);
    },
  );
});

describe('what cannot be honoured', () => {
  it.each([
    [
      'an exchange type only a plugin evaluates',
      'exchange-type',
      { exchanges: [{ ...x, type: 'x-jms-topic' }] },
      'exchanges[0].type',
      6,
      15,
    ],
    [
      'a stream',
      'stream',
      { queues: [{ ...q, arguments: { 'x-queue-type': 'stream' } }] },
      'queues[0].arguments.x-queue-type',
      7,
      25,
    ],
    [
      'a value of a wrong type',
      'wrong-value',
      { queues: [{ ...q, arguments: { 'x-message-ttl': '60000' } }] },
      'queues[0].arguments.x-message-ttl',
      7,
      26,
    ],
    ['a name over 255 bytes', 'wrong-shape', { queues: [{ name: '订'.repeat(86) }] }, 'queues[0].name', 4, 15],
    [
      'a policy without its pattern',
      'wrong-shape',
      { policies: [{ name: 'p', definition: {} }] },
      'policies[0].pattern',
      3,
      5,
    ],
    ['an object where a list belongs', 'wrong-shape', { bindings: {} }, 'bindings', 2, 15],
    ['a missing name, shown at its object', 'wrong-shape', { queues: [{ vhost: '/' }] }, 'queues[0].name', 3, 5],
  ])('is blocking, at the place where it stands: %s', (_, code, document, path, line, column) => {
    const findings = findingsIn(document).filter(stopsDeployment);

    expect(findings).toMatchObject([{ class: 'blocking', code, path, line, column }]);
  });

  it('includes a document that is no object', () => {
    expect(analyse('[]').findings).toMatchObject([
      { class: 'blocking', code: 'wrong-shape', path: '', line: 1, column: 1 },
    ]);
  });

  it('does not include a name of exactly 255 bytes', () => {
    expect(findingsIn({ queues: [{ name: '订'.repeat(85) }] }).filter(stopsDeployment)).toEqual([]);
  });
});

describe('what is understood, and differs on SQS', () => {
  it.each([
    ['a transient queue', 'transient-queue', 'warning', { queues: [{ ...q, durable: false }] }, 'queues[0].durable'],
    [
      'an auto-deleted queue',
      'auto-delete-queue',
      'warning',
      { queues: [{ ...q, auto_delete: true }] },
      'queues[0].auto_delete',
    ],
    [
      'a transient exchange',
      'transient-exchange',
      'compatible',
      { exchanges: [{ ...x, durable: false }] },
      'exchanges[0].durable',
    ],
    [
      'an auto-deleted exchange',
      'transient-exchange',
      'compatible',
      { exchanges: [{ ...x, auto_delete: true }] },
      'exchanges[0].auto_delete',
    ],
    [
      'an exchange on one node',
      'no-node-locality',
      'warning',
      { exchanges: [{ ...x, type: 'x-local-random' }] },
      'exchanges[0].type',
    ],
    [
      'an expiry of the queue itself',
      'not-honoured',
      'warning',
      { queues: [{ ...q, arguments: { 'x-expires': 5 } }] },
      'queues[0].arguments.x-expires',
    ],
    [
      'a place of storage',
      'without-meaning',
      'compatible',
      { queues: [{ ...q, arguments: { 'x-queue-mode': 'lazy' } }] },
      'queues[0].arguments.x-queue-mode',
    ],
  ])('is said and stops nothing: %s', (_, code, severity, document, path) => {
    expect(found(code, document)).toMatchObject([{ class: severity, path }]);
    expect(findingsIn(document).some(stopsDeployment)).toBe(false);
  });

  it('depends on the dialect: transient queues are denied to clients since 4.3', () => {
    const document = { queues: [{ ...q, durable: false }] };

    expect(found('transient-queue', document, { dialect: '3.13' })).toMatchObject([{ class: 'compatible' }]);
    expect(found('transient-queue', document, { dialect: '4.0' })).toMatchObject([{ class: 'compatible' }]);
    expect(found('transient-queue', document, { dialect: '4.3' })).toMatchObject([{ class: 'warning' }]);
  });
});

describe('findings', () => {
  it('come with the worst first, each class in the order of the document', () => {
    const findings = findingsIn({
      users: [{ name: 'u' }],
      shovels: [],
      exchanges: [
        { ...x, durable: false },
        { ...x, name: 'y', type: 'x-event' },
      ],
      queues: [{ ...q, durable: false }],
      bindings: [{ ...binding, source: 'gone' }],
    });

    const classes = findings.map((finding) => finding.class);
    expect(findings.slice(0, 3).map(({ code }) => code)).toEqual(['exchange-type', 'dangling-binding', 'unknown-key']);
    expect(classes).toEqual([...classes].sort((one, other) => order.indexOf(one) - order.indexOf(other)));
    for (const severity of order) {
      const lines = findings.filter((finding) => finding.class === severity).map(({ line }) => line);
      expect(lines).toEqual([...lines].sort((one, other) => one - other));
    }
  });

  it('say when the file was exported by a broker of another dialect', () => {
    expect(found('other-dialect', { rabbit_version: '3.12.1' })).toMatchObject([
      {
        class: 'warning',
        line: 2,
        fix: expect.stringContaining('(--dialect 3.13; for synth and deploy -c dialect=3.13)'),
      },
    ]);
    expect(found('other-dialect', { rabbit_version: '3.12.1' }, { dialect: '3.13' })).toEqual([]);
  });
});

const order = ['blocking', 'unknown', 'warning', 'compatible'];

describe('a finding on one line', () => {
  it('names file, place, class, path, what is wrong and what helps', () => {
    const [finding] = findingsIn({ policies: {} });
    if (!finding) throw new Error('no finding');

    expect(formatFinding('topology/definitions.json', finding)).toMatch(
      /^topology\/definitions\.json:2:15 blocking: policies: .+ Fix: .+\.$/,
    );
    expect(formatFinding('d.json', { ...finding, path: '' })).toMatch(/^d\.json:2:15 blocking: is not a list/);
  });
});
