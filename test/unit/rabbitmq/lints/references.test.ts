import { stopsDeployment } from '../../../../rabbitmq/definitions/finding.ts';
import { binding, findingsIn, found, q, x } from '../findings-in.ts';

describe('references that lead nowhere', () => {
  it.each([
    ['source', { ...binding, source: 'gone' }, 'bindings[0].source', 17],
    ['destination queue', { ...binding, destination: 'gone' }, 'bindings[0].destination', 19],
    ['destination exchange', { ...binding, destination_type: 'exchange' }, 'bindings[0].destination', 19],
  ])('block: a binding’s %s (rule 4.9.9)', (_, dangling, path, line) => {
    const findings = found('dangling-binding', { exchanges: [x], queues: [q], bindings: [dangling] });

    expect(findings).toMatchObject([{ class: 'blocking', path, line }]);
  });

  it('block at both ends of a binding in another vhost', () => {
    const findings = found('dangling-binding', {
      exchanges: [x],
      queues: [q],
      bindings: [{ ...binding, vhost: 'other' }],
    });

    expect(findings.map(({ path }) => path)).toEqual(['bindings[0].source', 'bindings[0].destination']);
  });

  it.each(['amq.direct', 'amq.fanout', 'amq.topic', 'amq.headers', 'amq.match'])(
    'do not include the predeclared %s, as source or destination (rule 4.3.6)',
    (name) => {
      const bindings = [
        { ...binding, source: name },
        { ...binding, destination: name, destination_type: 'exchange' },
      ];

      expect(found('dangling-binding', { exchanges: [x], queues: [q], bindings })).toEqual([]);
    },
  );

  it('block: a name of the broker’s own that no broker has', () => {
    const document = { queues: [q], bindings: [{ ...binding, source: 'amq.gone' }] };

    expect(found('dangling-binding', document)).toMatchObject([{ class: 'blocking', path: 'bindings[0].source' }]);
  });

  it('warn when a binding leads to a queue that imports skip (rule 4.3.5)', () => {
    const name = 'amq.gen-1';
    const findings = findingsIn({
      exchanges: [x],
      queues: [{ ...q, name }],
      bindings: [{ ...binding, destination: name }],
    });

    expect(findings.filter(({ code }) => code === 'binding-of-skipped-queue')).toMatchObject([{ class: 'warning' }]);
    expect(findings.some(stopsDeployment)).toBe(false);
  });

  it('warn, because RabbitMQ takes them: a missing alternate or dead-letter exchange (rules 4.4.7, 4.6.6)', () => {
    const document = {
      exchanges: [{ ...x, arguments: { 'alternate-exchange': 'gone' } }],
      queues: [{ ...q, arguments: { 'x-dead-letter-exchange': 'gone' } }],
    };

    expect(found('missing-alternate-exchange', document)).toMatchObject([
      { class: 'warning', path: 'exchanges[0].arguments.alternate-exchange' },
    ]);
    expect(found('missing-dead-letter-exchange', document)).toMatchObject([
      { class: 'warning', path: 'queues[0].arguments.x-dead-letter-exchange' },
    ]);
    expect(findingsIn(document).some(stopsDeployment)).toBe(false);
  });

  it('block: a dead-letter key without a dead-letter exchange (rule 4.6.5)', () => {
    const document = { queues: [{ ...q, arguments: { 'x-dead-letter-routing-key': 'late' } }] };

    expect(found('dead-letter-key-without-exchange', document)).toMatchObject([
      { class: 'blocking', path: 'queues[0].arguments.x-dead-letter-routing-key', line: 7, column: 38 },
    ]);
  });

  it('do not include a dead-letter exchange that is the default one', () => {
    const document = { queues: [{ ...q, arguments: { 'x-dead-letter-exchange': '' } }] };

    expect(found('missing-dead-letter-exchange', document)).toEqual([]);
  });
});
