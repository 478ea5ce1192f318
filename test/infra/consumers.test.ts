import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configs } from '../../lib/config.ts';
import { ConsumedError, parseConsumed } from '../../lib/consumed-context.ts';
import { consumers, consumersIn, isConsumed, type Roles } from '../../lib/consumers.ts';
import { QueueNotDeclaredError } from '../../lib/named-queue.ts';
import { publishers } from '../../lib/publishers.ts';
import { loadDefinitions } from '../../lib/topology.ts';
import type { Queue } from '../../rabbitmq/topology.ts';
import { emptyTopology } from './support/givens.ts';
import { resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

const queue = (name: string, vhost = '/'): Queue => ({ vhost, name, type: 'quorum' });
const roles = (changes: Partial<Roles>): Roles => ({
  consumers: {},
  consumedElsewhere: [],
  watchedByOnCall: [],
  ...changes,
});

describe('a queue that lib/consumers.ts names', () => {
  const topology = { ...emptyTopology, queues: [queue('work'), queue('work', 'shop'), queue('mail.vip', 'shop')] };
  const check = (changes: Partial<Roles>) => () =>
    consumersIn(topology, { file: 'definitions.json', isDefault: true }, roles(changes));

  it('may be one of any vhost; without a vhost it is one of the default vhost', () => {
    const some = roles({ consumedElsewhere: [{ vhost: 'shop', queue: 'mail.vip' }, { queue: 'work' }] });

    expect(topology.queues.map((one) => isConsumed(one, some))).toEqual([true, false, true]);
    expect(check(some)).not.toThrow();
  });

  it.each<[string, Partial<Roles>]>([
    ["'mailer' consumes", { consumers: { mailer: { queue: 'mail.vip' } } }],
    ['consumedElsewhere names', { consumedElsewhere: [{ queue: 'work' }, { queue: 'mail.vip' }] }],
    ['watchedByOnCall names', { watchedByOnCall: [{ vhost: '/', queue: 'mail.vip' }] }],
  ])('is refused where it is not declared, with the nearest names and their vhosts: %s', (who, changes) => {
    expect(check(changes)).toThrow(QueueNotDeclaredError);
    expect(check(changes)).toThrow(
      `lib/consumers.ts: ${who} 'mail.vip', which definitions.json does not declare in vhost '/': did you mean 'mail.vip' in vhost 'shop', `,
    );
  });
});

describe('queues that -c consumed names', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warren-consumed-'));
  const file = path.join(folder, 'definitions.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  const wait = { 'x-message-ttl': 5000, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'rest' };
  const load = (consumed: unknown) => {
    writeFileSync(
      file,
      JSON.stringify({
        queues: ['work', 'wait', 'a,b'].map((name) => ({ vhost: 'shop', name, arguments: wait })),
      }),
    );
    return loadDefinitions(file, {
      namePrefix: 'w',
      config: configs.dev,
      isDefault: false,
      consumed: parseConsumed(consumed),
    }).queues.map((plan) => plan.queue.name);
  };

  it('are asked for in the last warnings of synth, where a queue is taken for a delay', () => {
    writeFileSync(
      file,
      JSON.stringify({ queues: [{ vhost: 'shop', name: 'mail', arguments: { ...wait, 'x-message-ttl': 900_001 } }] }),
    );
    const { warnings } = loadDefinitions(file, { namePrefix: 'w', config: configs.dev, isDefault: false });

    expect(warnings.slice(-2)).toEqual([
      `${file}: 1 queue is a delay, no SQS queue: 'mail' in vhost 'shop'. If something consumes it, say so: -c consumed=shop/mail, or consumedElsewhere in lib/consumers.ts.`,
      `${file}: 'mail' in vhost 'shop' may be no delay: its TTL is longer than 15 minutes.`,
    ]);
  });

  it.each([
    ['nothing', undefined, []],
    ['one', 'shop/work', ['work']],
    ['several, a comma in a name being %2C', 'shop/work, shop/a%2Cb', ['work', 'a,b']],
    ['a list in the context of cdk.json', ['shop/wait'], ['wait']],
  ])('are deployed, whatever TTL and dead-letter exchange they have: %s', (_, consumed, deployed) => {
    expect(load(consumed)).toEqual(deployed);
  });

  it('are refused where the file does not declare them, with the nearest names', () => {
    expect(() => load('%2F/work')).toThrow(ConsumedError);
    expect(() => load('%2F/work')).toThrow(
      `-c consumed=%2F/work: ${file} declares no such queue: did you mean shop/work, shop/wait, shop/a%2Cb?`,
    );
  });

  it.each(['work', '', 'shop/', true, [5]])('are refused when they are %p', (consumed) => {
    expect(() => load(consumed)).toThrow('is no VHOST/QUEUE: write %2F/orders for the queue orders of the vhost /');
  });
});

const own = roles({ consumers: { loyalty: { queue: 'loyalty.points' }, refunds: { queue: 'refunds' } } });
const withOptional = roles({ consumers: { ...own.consumers, sample: { queue: 'sample.queue', isOptional: true } } });
const topologyOf = (...names: string[]) => ({ queues: names.map((name) => queue(name)) });
const ownFile = { file: 'topology/definitions.json', isDefault: true };
const givenFile = { file: 'theirs.json', isDefault: false };

describe('a consumer', () => {
  it.each([ownFile, givenFile])('is connected when its queue is in $file', (file) => {
    expect(consumersIn(topologyOf('refunds', 'loyalty.points', 'x'), file, own)).toEqual(['loyalty', 'refunds']);
  });

  it('may be given an order by a key where its queue is a FIFO queue, and nowhere else', () => {
    const ordered = roles({ consumers: { refunds: { queue: 'refunds', orderBy: { member: 'order_no' } } } });
    const fifo = { queues: [{ ...queue('refunds'), singleActiveConsumer: true }] };

    expect(consumersIn(fifo, ownFile, ordered)).toEqual(['refunds']);
    expect(() => consumersIn(topologyOf('refunds'), ownFile, ordered)).toThrow(
      'lib/consumers.ts: \'refunds\' has an orderBy, and is no FIFO queue: give it "x-single-active-consumer": true in topology/definitions.json',
    );
  });

  it('without its queue in the app’s own file is refused, with the nearest names', () => {
    const asked = () => consumersIn(topologyOf('loyalty.point', 'refunds', 'x', 'y'), ownFile, own);

    expect(asked).toThrow(QueueNotDeclaredError);
    expect(asked).toThrow(
      "lib/consumers.ts: 'loyalty' consumes 'loyalty.points', which topology/definitions.json does not declare in vhost '/': did you mean 'loyalty.point'",
    );
  });

  it('is refused there even when no consumer has a queue, and when it is optional', () => {
    expect(() => consumersIn(topologyOf('x'), ownFile, own)).toThrow(QueueNotDeclaredError);
    expect(() => consumersIn(topologyOf('loyalty.points', 'refunds'), ownFile, withOptional)).toThrow("'sample'");
  });

  it('whose name of a queue is mistyped does not go by unseen with -c topology either: another has its own', () => {
    expect(() => consumersIn(topologyOf('loyalty.point', 'refunds'), givenFile, own)).toThrow(
      "'loyalty' consumes 'loyalty.points', which theirs.json does not declare",
    );
  });

  it('is left out of such a file, if it is optional', () => {
    expect(consumersIn(topologyOf('loyalty.points', 'refunds'), givenFile, withOptional)).toEqual([
      'loyalty',
      'refunds',
    ]);
  });

  it('is connected although such a file lacks a queue on-call watches, if that is optional, and only then', () => {
    const watching = (isOptional: boolean) =>
      roles({ ...own, watchedByOnCall: [{ queue: 'dead-letters', isOptional }] });
    const topology = topologyOf('loyalty.points', 'refunds');

    expect(consumersIn(topology, givenFile, watching(true))).toEqual(['loyalty', 'refunds']);
    expect(() => consumersIn(topology, givenFile, watching(false))).toThrow("watchedByOnCall names 'dead-letters'");
    expect(() => consumersIn(topology, ownFile, watching(true))).toThrow("watchedByOnCall names 'dead-letters'");
  });

  it('is not asked for by the topology of another app, which has no queue of any consumer', () => {
    expect(consumersIn(topologyOf('x'), givenFile, withOptional)).toEqual([]);
  });
});

describe('the topology of another app', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warren-consumers-'));
  const file = path.join(folder, 'definitions.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is deployed with its queues and what publishes to them, and with no data of the app’s own functions', () => {
    writeFileSync(file, JSON.stringify({ queues: [{ name: 'x' }] }));

    const resources = synthesise(warrenApp('dev', { topology: file })).flatMap(({ template }) => resourcesIn(template));

    const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
    const folders = functions.map(({ Properties }) => Properties['Environment'].Variables.POWERTOOLS_SERVICE_NAME);
    const withConsumers = Object.keys(publishers).filter((name) => publishers[name]?.deployedWith !== undefined);
    const own = new Set([...Object.keys(consumers), ...withConsumers]);
    expect(folders).toEqual(expect.arrayContaining(['delayed-publish', 'outbox-relay', 'publish']));
    expect(folders.filter((folder) => own.has(folder))).toEqual([]);
    expect(resources.filter(({ Type }) => Type === 'AWS::SecretsManager::Secret')).toEqual([]);
    expect(loadDefinitions(file, { namePrefix: 'w', config: configs.dev, isDefault: false }).warnings).toContainEqual(
      `${file} has no queue of lib/consumers.ts: only its queues, the producer and the outbox are deployed.`,
    );
  });

  it('is named when there is no such file', () => {
    expect(() => loadDefinitions('/nowhere.json', { namePrefix: 'w', config: configs.dev, isDefault: true })).toThrow(
      '/nowhere.json cannot be read: there is no such file',
    );
  });
});
