import { analyse } from '../../../../rabbitmq/analyse.ts';
import { bytesOf, describeWithCorpus, title } from './corpus.ts';

/** `code path` of findings a file shows; `!code` is one it must not show anywhere. */
const expected: Readonly<Record<string, readonly string[]>> = {
  ConfereeBot__RabbitMqService__1: [
    'delay-queue queues[2]',
    '!type-field-ignored',
    '!dead-letter-key-unmatched',
    '!dead-letter-cycle',
  ],
  wki__MessageQ__1: [
    'delay-queue queues[0]',
    'other-dialect rabbit_version',
    '!dead-letter-key-unmatched',
    '!dead-letter-cycle',
  ],
  'BiobankLab__sensitive-data-archive__1': [
    'stream queues[3].arguments.x-queue-type',
    'stream queues[4].arguments.x-queue-type',
    'stream queues[8].arguments.x-queue-type',
    'shovel parameters[0]',
    'shovel parameters[1]',
    '!dangling-binding',
    '!missing-alternate-exchange',
  ],
  adrienKoumgangT__distriqueue__1: [
    'unknown-policy-key policies[1].definition.max-priority',
    'unknown-policy-key policies[0].definition.x-queue-type',
    'argument-of-another-type queues[0].arguments.x-max-priority',
    'argument-of-another-type queues[2].arguments.x-delivery-limit',
    'policy-tie policies[3]',
    'policy-hidden policies[0]',
    'default-exchange-binding bindings[4]',
    'unreachable-exchange exchanges[2]',
    'exchange-leads-nowhere exchanges[2]',
    'federation-upstream parameters[0]',
    'dead-letter-to-itself queues[3]',
  ],
  Eternity1824__LMALL__1: [
    'argument-restricted queues[1].arguments.x-message-ttl',
    'exchange-leads-nowhere exchanges[1]',
    'other-dialect policies[0].definition.ha-mode',
    '!dead-letter-key-unmatched',
  ],
  'nice-digital__docker-relk__1': [
    'too-many-hash-words bindings[0].routing_key',
    'adjacent-hash-words bindings[0].routing_key',
  ],
  AnalyThothAI__tracefold__1: [
    'policy-matches-nothing policies[0]',
    '!policy-tie',
    '!unknown-policy-key',
    '!other-dialect',
  ],
  'AndersBjerregaard__DynamicRouting-dotnet__1': [
    'transient-queue queues[0].durable',
    'transient-exchange exchanges[0].durable',
    'unbound-queue queues[0]',
    '!exchange-leads-nowhere',
  ],
  Incuvers__iris__1: [
    'transient-queue queues[0].durable',
    'auto-delete-queue queues[0].auto_delete',
    'transient-exchange exchanges[0].durable',
  ],
  'reaandrew__node-claim-microservices__1': [
    'transient-queue queues[0].durable',
    'wildcard-on-fanout bindings[3].routing_key',
  ],
  'rabbitmq__rabbitmq-server__4': [
    'missing-alternate-exchange exchanges[2].arguments.alternate-exchange',
    'predeclared-queue queues[11].name',
    'ttl-below-minimum queues[14]',
    'wildcard-on-fanout bindings[1].routing_key',
    '!dangling-binding',
  ],
  'rabbitmq__rabbitmq-server__5': [
    'missing-alternate-exchange exchanges[3].arguments.alternate-exchange',
    'predeclared-queue queues[12].name',
    'ttl-below-minimum queues[28]',
    'wildcard-on-fanout bindings[1].routing_key',
    '!dangling-binding',
  ],
  'rabbitmq__rabbitmq-server__16': [
    'same-key-other-arguments bindings[115]',
    'binding-arguments-ignored bindings[114].arguments',
    '!duplicate-binding',
  ],
  'rabbitmq__sample-configs__1': ['unbound-queue queues[999]', 'other-dialect rabbit_version'],
  // The smaller ones.
  'rabbitmq__rabbitmq-server__12': ['exchange-type exchanges[0].type', 'predeclared-queue queues[0].name'],
  'rabbitmq__rabbitmq-server__13': ['wrong-shape policies[0].name'],
  'rabbitmq__rabbitmq-server__8': ['predeclared-queue queues[0].name', 'predeclared-exchange exchanges[0].name'],
  'rabbitmq__rabbitmq-server__6': ['declared-twice queues[1]', 'transient-queue queues[0].durable'],
  'rabbitmq__rabbitmq-server__11': [
    'policy-matches-nothing parameters[0]',
    'not-honoured parameters[0].value.definition.expires',
    '!unknown-parameter',
  ],
  'rabbitmq__rabbitmq-server__3': ['policy-matches-nothing parameters[0]', '!dangling-binding', '!policy-pattern'],
  'rabbitmq__rabbitmq-server__10': ['wildcard-on-fanout bindings[0].routing_key', '!wrong-shape'],
  'rabbitmq__rabbitmq-server__17': ['federation-upstream parameters[0]', 'exchange-leads-nowhere exchanges[0]'],
  'rabbitmq__rabbitmq-server__18': ['federation-upstream parameters[0]'],
  'rabbitmq__rabbitmq-server__1': [
    'policy-matches-nothing policies[0]',
    'other-dialect policies[2].definition.ha-mode',
    '!policy-tie',
  ],
  'cloudify-cosmo__cloudify-manager__1': ['policy-matches-nothing policies[0]', '!policy-tie'],
  'blog__pyvis-rabbitmq-bindings__1': [
    'hash-header-may-be-absent exchanges[1].arguments.hash-header',
    '!hash-weight',
    '!exchange-leads-nowhere',
  ],
  'Bernardo-Rodrigues__mi-rabbitmq-failover__1': ['unbound-queue queues[0]', '!wrong-shape', '!auto-delete-queue'],
  'rdship__tranzfer-mft__1': [
    'permission-of-undefined-user permissions[0].user',
    'exchange-leads-nowhere exchanges[1]',
  ],
  'waggle-sensor__waggle-beehive-v2__1': ['users users', '!wrong-shape', '!permission-of-undefined-user'],
  Nauflars__myshop__1: [
    'overflow-not-enforced queues[0].arguments.x-max-length',
    'delay-queue queues[0]',
    'unbound-queue queues[1]',
    '!dead-letter-key-unmatched',
  ],
};

describeWithCorpus(`${title}, one by one`, () => {
  it.each(Object.entries(expected))('%s', (file, marks) => {
    const { findings } = analyse(bytesOf(`${file}.json`));
    const shown = findings.map(({ code, path }) => `${code} ${path}`);
    const codes = findings.map(({ code }) => code);

    expect(shown).toEqual(expect.arrayContaining(marks.filter((mark) => !mark.startsWith('!'))));
    expect(codes.filter((code) => marks.includes(`!${code}`))).toEqual([]);
  });

  it.each([
    ['AwesomeTeamPlayer__rabbit-mq__1', 87],
    ['rabbitmq__rabbitmq-server__14', 6],
  ])('%s is no JSON, from line %i', (file, line) => {
    const { findings } = analyse(bytesOf(`${file}.json`));

    expect(findings).toMatchObject([{ class: 'blocking', code: 'invalid-json', path: '', line }]);
    expect(findings[0]?.message).not.toMatch(/ at .*:\d+:\d+/);
  });

  it('come to the topology in force', () => {
    const topologyOf = (file: string) => analyse(bytesOf(`${file}.json`)).topology;

    expect(topologyOf('ConfereeBot__RabbitMqService__1').exchanges).toMatchObject([{ type: 'direct', delayed: true }]);
    expect(new Set(topologyOf('Eternity1824__LMALL__1').queues.map(({ messageTtl }) => messageTtl))).toEqual(
      new Set([600_000, 3_600_000]),
    );
    expect(topologyOf('BiobankLab__sensitive-data-archive__1').exchanges).toMatchObject([
      { name: 'sda', alternateExchange: 'sda.dead' },
      { name: 'sda.dead' },
    ]);
    expect(topologyOf('rabbitmq__sample-configs__1').queues).toHaveLength(1000);
    expect(topologyOf('rabbitmq__rabbitmq-server__16').bindings).toHaveLength(670);
    expect(topologyOf('blog__pyvis-rabbitmq-bindings__1').exchanges).toMatchObject([
      {},
      { hashOn: { header: 'sharding_key' } },
    ]);
    expect(topologyOf('rabbitmq__rabbitmq-server__10').queues).toHaveLength(1);
  });

  it('is read by the dialect asked for: nice-digital’s key is fine before 4.3', () => {
    const codes = (dialect: '3.13' | '4.3') =>
      analyse(bytesOf('nice-digital__docker-relk__1.json'), { dialect }).findings.map((one) => [one.class, one.code]);

    expect(codes('4.3')).toContainEqual(['warning', 'too-many-hash-words']);
    expect(codes('3.13')).toContainEqual(['compatible', 'too-many-hash-words']);
  });
});
