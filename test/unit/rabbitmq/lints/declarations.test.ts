import { analyse } from '../../../../rabbitmq/analyse.ts';
import { stopsDeployment } from '../../../../rabbitmq/definitions/finding.ts';
import { binding, findingsIn, found, q, x } from '../findings-in.ts';

describe('declarations', () => {
  it('block when a vhost has two of one name, at the second', () => {
    const policy = { vhost: '/', name: 'p', pattern: '.', definition: {} };
    const findings = found('declared-twice', {
      exchanges: [x, x],
      queues: [q, { ...q, vhost: 'other' }, q],
      policies: [policy, policy],
    });

    expect(findings).toMatchObject([
      { class: 'blocking', path: 'exchanges[1]' },
      { class: 'blocking', path: 'queues[2]' },
      { class: 'blocking', path: 'policies[1]' },
    ]);
  });

  it('are judged once, where the first of a name stands', () => {
    const document = {
      exchanges: [{ ...x, durable: false }, x],
      queues: [
        { ...q, name: 'a.b', arguments: { 'x-max-length': 5 } },
        { ...q, name: 'a.b', arguments: { 'x-max-length': 5 } },
      ],
      policies: [0, 1].map(() => ({ vhost: '/', name: 'p', pattern: '^a', definition: { 'message-ttl': 60_000 } })),
    };
    const findings = findingsIn(document);
    const others = findings.filter(({ code }) => code !== 'declared-twice');

    expect(new Set(others.map(({ code, path }) => `${code} ${path}`)).size).toBe(others.length);
    expect(others.filter(({ path }) => /^(exchanges|queues|policies)\[1\]/.test(path))).toEqual([]);
    expect(findings.length - others.length).toBe(3);
    expect(analyse(JSON.stringify(document)).topology).toMatchObject({
      exchanges: { length: 1 },
      queues: { length: 1 },
    });
  });

  it('of predeclared names are a warning, and skipped as on import (rule 4.3.5)', () => {
    const document = {
      exchanges: [
        { ...x, name: 'amq.topic' },
        { ...x, name: '' },
      ],
      queues: [{ ...q, name: 'amq.gen-1' }],
    };

    expect(findingsIn(document).filter((finding) => finding.class === 'warning')).toMatchObject([
      { code: 'predeclared-exchange', path: 'exchanges[0].name', line: 4, column: 15 },
      { code: 'predeclared-exchange', path: 'exchanges[1].name' },
      { code: 'predeclared-queue', path: 'queues[0].name' },
    ]);
    expect(analyse(JSON.stringify(document)).topology).toMatchObject({ exchanges: [], queues: [] });
  });

  it('of a queue with an amq. name take their bindings with them', () => {
    const name = 'amq.gen-1';
    const document = { exchanges: [x], queues: [{ ...q, name }], bindings: [{ ...binding, destination: name }] };

    expect(analyse(JSON.stringify(document)).topology.bindings).toEqual([]);
  });

  it('warn once for each vhost the file uses and does not have', () => {
    const other = { ...q, vhost: 'other' };
    const findings = found('undeclared-vhost', {
      vhosts: [{ name: '/' }],
      queues: [q, other, { ...other, name: 'r' }],
    });

    expect(findings).toMatchObject([{ class: 'warning', path: 'queues[1]' }]);
    expect(found('undeclared-vhost', { queues: [other] })).toEqual([]);
  });

  it.each(['{{ .Release.Name }}', `${'$'}{QUEUE}`, '<% queue %>'])('warn of a template not filled in: %s', (name) => {
    expect(found('placeholder', { queues: [{ ...q, name }] })).toMatchObject([
      { class: 'warning', path: 'queues[0].name' },
    ]);
  });

  it('leave out bindings from the default exchange, which are redundant (rules 4.3.4, 4.3.5)', () => {
    const document = { queues: [q], bindings: [{ ...binding, source: '', routing_key: 'q' }] };

    expect(found('default-exchange-binding', document)).toMatchObject([{ class: 'warning', path: 'bindings[0]' }]);
    expect(analyse(JSON.stringify(document)).topology.bindings).toEqual([]);
    expect(findingsIn(document).some(stopsDeployment)).toBe(false);
  });
});
