import { analyse } from '../../../../rabbitmq/analyse.ts';
import { found, q, x } from '../findings-in.ts';

const withArguments = (table: object) => ({ queues: [{ ...q, arguments: table }] });
const withPolicy = (definition: object) => ({ policies: [{ name: 'p', vhost: '/', pattern: '^q', definition }] });

describe('a key of a policy', () => {
  it.each(['x-message-ttl', 'max-priority', 'queue-type', 'single-active-consumer', 'typo', 'toString'])(
    'that RabbitMQ does not know is unknown: %s',
    (key) => {
      expect(found('unknown-policy-key', withPolicy({ [key]: 1 }))).toMatchObject([
        { class: 'unknown', path: `policies[0].definition.${key}` },
      ]);
    },
  );

  it('is checked in an operator policy too, where its parameter stands', () => {
    const value = { pattern: '', 'apply-to': 'queues', definition: { typo: 1, 'message-ttl': 'x' } };
    const document = { parameters: [{ component: 'operator_policy', name: 'o', vhost: '/', value }] };

    expect(found('unknown-policy-key', document)).toMatchObject([{ path: 'parameters[0].value.definition.typo' }]);
    expect(found('wrong-value', document)).toMatchObject([{ path: 'parameters[0].value.definition.message-ttl' }]);
  });

  it.each(['ha-mode', 'ha-params', 'ha-sync-mode'])('%s is refused since 4.0, and has no meaning on SQS', (key) => {
    const document = withPolicy({ [key]: 'all' });
    const said = (dialect: '3.13' | '4.3') =>
      [...found('other-dialect', document, { dialect }), ...found('without-meaning', document, { dialect })].map(
        (finding) => `${finding.class} ${finding.code}`,
      );

    expect(said('4.3')).toEqual(['warning other-dialect']);
    expect(said('3.13')).toEqual(['compatible without-meaning']);
  });

  it('about delayed retries exists since 4.3 (rule 4.8.9)', () => {
    const document = withPolicy({ 'delayed-retry-min': 1000 });

    expect(found('other-dialect', document, { dialect: '4.0' })).toMatchObject([{ class: 'warning' }]);
    expect(found('not-honoured', document, { dialect: '4.0' })).toEqual([]);
    expect(found('other-dialect', document, { dialect: '4.3' })).toEqual([]);
  });

  it.each(['type', 'min', 'max'])(
    'that sets the %s of delayed retries is not honoured, and said so (rule 4.8.9)',
    (key) => {
      const value = key === 'type' ? 'all' : 1000;
      const argument = withArguments({ 'x-queue-type': 'quorum', [`x-delayed-retry-${key}`]: value });

      expect(found('not-honoured', withPolicy({ [`delayed-retry-${key}`]: value }))).toMatchObject([
        { class: 'warning', path: `policies[0].definition.delayed-retry-${key}` },
      ]);
      expect(found('not-honoured', argument)).toMatchObject([
        { class: 'warning', path: `queues[0].arguments.x-delayed-retry-${key}` },
      ]);
    },
  );
});

describe('an argument', () => {
  it.each([
    [{ 'x-queue-type': 'quorum', 'x-max-priority': 5 }, 'x-max-priority', 'warning'],
    [{ 'x-queue-type': 'classic', 'x-delivery-limit': 5 }, 'x-delivery-limit', 'blocking'],
    [{ 'x-dead-letter-strategy': 'at-least-once' }, 'x-dead-letter-strategy', 'blocking'],
    [{ 'x-queue-type': 'stream', 'x-message-ttl': 5 }, 'x-message-ttl', 'blocking'],
  ])('of another type of queue is found: %j', (table, key, severity) => {
    expect(found('argument-of-another-type', withArguments(table))).toMatchObject([
      { class: severity, path: `queues[0].arguments.${key}` },
    ]);
  });

  it('of another type of queue is one finding, not one more on what it would mean here', () => {
    const codes = analyse(JSON.stringify(withArguments({ 'x-queue-type': 'quorum', 'x-max-priority': 5 })))
      .findings.filter(({ path }) => path.endsWith('x-max-priority'))
      .map(({ code }) => code);

    expect(codes).toEqual(['argument-of-another-type']);
  });

  it('of a queue is unknown to an exchange, and the other way round', () => {
    expect(found('unknown-argument', { exchanges: [{ ...x, arguments: { 'x-message-ttl': 5 } }] })).toHaveLength(1);
    expect(found('unknown-argument', withArguments({ 'alternate-exchange': 'x' }))).toHaveLength(1);
  });

  it.each([
    ['x-message-ttl', '5'],
    ['x-message-ttl', -1],
    ['x-message-ttl', 1.5],
    ['x-expires', 0],
    ['x-max-priority', 256],
    ['x-overflow', 'explode'],
    ['x-queue-type', 'mirrored'],
    ['x-dead-letter-exchange', null],
    ['x-single-active-consumer', 'yes'],
  ])('of a wrong value is refused, as RabbitMQ does: %s %j', (key, value) => {
    expect(found('wrong-value', withArguments({ [key]: value }))).toMatchObject([
      { class: 'blocking', path: `queues[0].arguments.${key}` },
    ]);
  });

  it('written as a fraction is no integer to RabbitMQ, even when it is 5.0', () => {
    const codes = (text: string) => analyse(text).findings.map(({ code }) => code);
    const text = JSON.stringify(withArguments({ 'x-message-ttl': 60_000 }));

    expect(codes(text)).not.toContain('wrong-value');
    expect(codes(text.replace('60000', '60000.0'))).toContain('wrong-value');
    expect(codes(text.replace('60000', '6e4'))).toContain('wrong-value');
  });
});
