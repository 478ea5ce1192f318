import { readFileSync } from 'node:fs';
import { analyse } from '../../../../rabbitmq/analyse.ts';
import { stopsDeployment } from '../../../../rabbitmq/definitions/finding.ts';

describe('the topology of this repository', () => {
  it('is read, and nothing in it stops a deployment', () => {
    const { findings } = analyse(readFileSync('topology/definitions.json', 'utf8'));

    expect(findings.filter(stopsDeployment)).toEqual([]);
  });
});

describe('the worked example’s topology', () => {
  it('is read, and nothing in it is a warning', () => {
    const { topology, findings } = analyse(readFileSync('test/conformance/fixtures/worked-example.json', 'utf8'));

    expect(findings.filter((finding) => finding.class !== 'compatible')).toEqual([]);
    expect(topology.queues).toContainEqual({
      vhost: '/',
      name: 'orders.payments',
      type: 'quorum',
      deliveryLimit: 4,
      deadLetterExchange: 'dead-letters',
      declared: {
        arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 4, 'x-dead-letter-exchange': 'dead-letters' },
      },
    });
    expect(topology.exchanges).toContainEqual({
      vhost: '/',
      name: 'payments',
      type: 'topic',
      internal: false,
      alternateExchange: 'unrouted',
      declared: { arguments: { 'alternate-exchange': 'unrouted' } },
    });
  });
});

describe('definitions', () => {
  it('may leave out what RabbitMQ fills in', () => {
    const { topology, findings } = analyse(
      JSON.stringify({
        exchanges: [{ name: 'x', type: 'fanout' }],
        queues: [{ name: 'q' }],
        bindings: [{ source: 'x', destination: 'q', destination_type: 'queue', routing_key: '' }],
      }),
    );

    expect(findings.filter((finding) => finding.class !== 'compatible')).toEqual([]);
    expect(topology).toMatchObject({
      exchanges: [{ vhost: '/', name: 'x', type: 'fanout', internal: false }],
      queues: [{ vhost: '/', name: 'q', type: 'classic' }],
      bindings: [{ vhost: '/', source: 'x', destination: 'q', destinationType: 'queue', bindingKey: '' }],
    });
  });

  it('may hold users, permissions and metadata, which change no route: compatible, one finding a section', () => {
    const text = JSON.stringify({
      rabbit_version: '4.3.6',
      users: [
        { name: 'guest', tags: ['administrator'] },
        { name: 'app', tags: '' },
      ],
      permissions: [{ user: 'guest', configure: '.*' }],
      topic_permissions: [{ user: 'guest', exchange: 'amq.topic' }],
      global_parameters: [{ name: 'cluster_name', value: 'rabbit@host' }],
      vhosts: [{ name: '/', limits: [], metadata: {} }],
      parameters: [],
      policies: [],
    });

    const findings = analyse(text).findings.filter(({ code }) => code !== 'nothing-declared');
    expect(findings.map((finding) => [finding.class, finding.path])).toEqual([
      ['compatible', 'users'],
      ['compatible', 'permissions'],
      ['compatible', 'topic_permissions'],
      ['compatible', 'global_parameters'],
    ]);
  });
});

describe('text that is no JSON', () => {
  it.each([
    ['a trailing comma', '{\n  "queues": [\n    1,\n  ]\n}', 3, 6],
    ['a trailing comma in an object', '{\n  "queues": [] , }', 2, 16],
    ['a comma alone', '[,]', 1, 2],
    ['a template that was not filled in', '{{ queues }}', 1, 2],
    ['an unclosed object', '{"queues": []', 1, 14],
    ['nothing at all', '', 1, 1],
    ['XML', '<queues/>', 1, 1],
    ['a comment', '{\n  // here\n}', 2, 3],
  ])('is one blocking finding with its line and column: %s', (_, text, line, column) => {
    const { topology, findings } = analyse(text);

    expect(topology).toEqual({ dialect: '4.3', exchanges: [], queues: [], bindings: [] });
    expect(findings).toMatchObject([{ class: 'blocking', code: 'invalid-json', path: '', line, column }]);
    expect(findings.every(stopsDeployment)).toBe(true);
  });
});
