import type { DeclaredPolicy } from '../../../../rabbitmq/definitions/definitions.ts';
import type { Headers } from '../../../../rabbitmq/message.ts';
import { inForce, type SettingName } from '../../../../rabbitmq/settings/settings-in-force.ts';

function policy(kind: DeclaredPolicy['kind'], definition: Headers): DeclaredPolicy {
  return {
    kind,
    vhost: '/',
    name: kind,
    pattern: '',
    applyTo: 'queues',
    priority: 0,
    definition,
    path: [kind],
    definitionPath: [kind, 'definition'],
  };
}

/** What holds of one setting that is said in up to three places; undefined is not said there. */
function held(name: SettingName, argument: unknown, byPolicy: unknown, byOperator: unknown) {
  const table = (key: string, value: unknown): Headers =>
    value === undefined ? {} : JSON.parse(JSON.stringify({ [key]: value }));
  const found = inForce(name, {
    arguments: table(`x-${name}`, argument),
    argumentsPath: ['queues', 0, 'arguments'],
    policy: policy('policy', table(name, byPolicy)),
    operatorPolicy: policy('operator policy', table(name, byOperator)),
  });
  return found && [found.value, found.from];
}

const none = undefined;

describe('what is in force of a setting said in several places', () => {
  it.each(['message-ttl', 'expires', 'max-length', 'max-length-bytes'] as const)(
    'is the least of all: %s (rules 4.7.1, 4.9.4, 4.9.5)',
    (name) => {
      expect(held(name, 3, 5, 7)).toEqual([3, 'argument']);
      expect(held(name, 7, 3, 5)).toEqual([3, 'policy']);
      expect(held(name, 7, 5, 3)).toEqual([3, 'operator policy']);
      expect(held(name, none, 5, none)).toEqual([5, 'policy']);
      expect(held(name, none, none, none)).toBeUndefined();
    },
  );

  it.each([
    ['overflow', 'drop-head', 'reject-publish', 'reject-publish-dlx'],
    ['dead-letter-exchange', 'a', 'b', 'c'],
    ['dead-letter-routing-key', 'a', 'b', 'c'],
    ['delayed-retry-type', 'all', 'failed', 'returned'],
  ] as const)('is the argument, else the operator’s: %s (rules 4.9.4, 4.9.5)', (name, argument, user, operator) => {
    expect(held(name, argument, user, operator)).toEqual([argument, 'argument']);
    expect(held(name, none, user, operator)).toEqual([operator, 'operator policy']);
    expect(held(name, none, user, none)).toEqual([user, 'policy']);
  });

  it.each([
    [5, 3, none, 3],
    [3, 5, none, 3],
    [none, 5, 3, 3],
    [-1, 5, none, 5],
    [5, -1, none, 5],
    [none, -1, 5, 5],
    [-1, 9, 5, 5],
    [-1, -1, none, -1],
    [0, -1, 5, 0],
    [none, none, -1, -1],
  ])('is the least delivery limit that is one: %p, %p, %p (rule 4.8.8)', (argument, user, operator, limit) => {
    expect(held('delivery-limit', argument, user, operator)?.[0]).toBe(limit);
  });

  it.each([
    ['message-ttl', '5'],
    ['message-ttl', -1],
    ['message-ttl', 1.5],
    ['message-ttl', { '!': 'double', value: 5 }],
    ['expires', 0],
    ['overflow', 'explode'],
  ] as const)('passes over what is of a wrong type: %s %j', (name, value) => {
    expect(held(name, value, none, none)).toBeUndefined();
  });

  it('is never said by a policy where only an argument can', () => {
    expect(held('max-priority', none, 5, none)).toBeUndefined();
    expect(held('single-active-consumer', none, true, none)).toBeUndefined();
  });
});
