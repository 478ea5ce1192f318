import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configs } from '../../lib/config.ts';
import { consumedElsewhere, consumers, watchedByOnCall } from '../../lib/consumers.ts';
import type { NamedQueue } from '../../lib/named-queue.ts';
import { publishers } from '../../lib/publishers.ts';
import { assignStacks, stackOf } from '../../lib/queue-stacks.ts';
import { loadDefinitions } from '../../lib/topology.ts';
import { planTopology, queuesPerStack } from '../../rabbitmq/plan/plan-topology.ts';
import { emptyTopology } from './support/givens.ts';
import { resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

const plansOf = (names: readonly string[], vhost = '/') =>
  planTopology(
    { ...emptyTopology, queues: names.map((name) => ({ vhost, name, type: 'quorum' })) },
    { namePrefix: 'w', unlimitedMaxReceiveCount: 3 },
  ).queues;
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `q${at}`);

describe('the stack of a queue', () => {
  it('is the first one with room', () => {
    const stacks = assignStacks(plansOf(numbered(2 * queuesPerStack + 1)), {});

    const counts = Object.values(stacks['/'] ?? {}).reduce(
      (sum, stack) => sum.set(stack, (sum.get(stack) ?? 0) + 1),
      new Map<number, number>(),
    );
    expect([...counts]).toEqual([
      [1, queuesPerStack],
      [2, queuesPerStack],
      [3, 1],
    ]);
  });

  it('never changes: not when queues come before it, nor when others go', () => {
    const before = assignStacks(plansOf(numbered(queuesPerStack + 5)), {});
    const after = assignStacks(plansOf(['new', ...numbered(queuesPerStack + 5).slice(3)]), before);

    for (const name of numbered(queuesPerStack + 5).slice(3)) {
      expect(stackOf(after, { vhost: '/', name })).toBe(stackOf(before, { vhost: '/', name }));
    }
    expect(stackOf(after, { vhost: '/', name: 'new' })).toBe(1);
  });

  it('is known for names every object has', () => {
    const stacks = assignStacks(plansOf(['__proto__', 'toString'], '__proto__'), {});

    expect(stackOf(stacks, { vhost: '__proto__', name: '__proto__' })).toBe(1);
    expect(stackOf({}, { vhost: 'toString', name: 'length' })).toBeUndefined();
  });
});

describe('definitions of more queues than a stack holds', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warren-queue-stacks-'));
  const file = path.join(folder, 'definitions.json');
  const lock = path.join(folder, 'queue-stacks.json');
  afterAll(() => rmSync(folder, { recursive: true }));
  /** With the exchanges that our functions publish to, each bound to the first queue. */
  const define = (names: readonly string[]) => {
    const published = new Set(Object.values(publishers).map(({ exchange }) => exchange));
    const exchanges = [...published].map((name) => ({
      name,
      vhost: '/',
      type: 'fanout',
      durable: true,
    }));
    const [destination] = names;
    writeFileSync(
      file,
      JSON.stringify({
        exchanges,
        queues: names.map((name) => ({ name, vhost: '/', durable: true })),
        bindings: exchanges.map(({ name: source }) => ({
          source,
          vhost: '/',
          destination,
          destination_type: 'queue',
          routing_key: '',
        })),
      }),
    );
  };
  const named = [...Object.values<NamedQueue>(consumers), ...consumedElsewhere, ...watchedByOnCall].map(
    ({ queue }) => queue,
  );

  it('are spread over stacks, and the place of each is written down beside them', () => {
    const load = () => loadDefinitions(file, { namePrefix: 'w', config: configs.dev, isDefault: true });
    define([...named, ...numbered(queuesPerStack + 1)]);

    const { queueStacks, warnings } = load();

    expect(JSON.parse(readFileSync(lock, 'utf8'))).toEqual(queueStacks);
    expect(warnings).toContainEqual(expect.stringContaining(`${lock} now says`));
    expect(load().warnings).not.toContainEqual(expect.stringContaining(lock));
  });

  it('of another app stay where the file says that -c queueStacks names; without one a warning says they may move', () => {
    const kept = path.join(folder, 'kept.json');
    const loadWith = (queueStacksFile?: string) =>
      loadDefinitions(file, { namePrefix: 'w', config: configs.dev, isDefault: false, queueStacksFile });
    define(numbered(queuesPerStack + 1));
    const last = `q${queuesPerStack}`;

    const before = loadWith(kept).queueStacks;
    define(numbered(queuesPerStack + 1).slice(1));

    expect(stackOf(before, { vhost: '/', name: last })).toBe(2);
    expect(stackOf(loadWith(kept).queueStacks, { vhost: '/', name: last })).toBe(2);
    define(numbered(queuesPerStack + 1));
    expect(loadWith().warnings).toContainEqual(expect.stringContaining('add -c queueStacks=FILE'));
  });

  it('synthesise within CloudFormation’s 500 resources a stack, with one grant for the producer', () => {
    define(numbered(2 * queuesPerStack + 1));
    rmSync(lock, { force: true });

    const stacks = synthesise(warrenApp('dev', { topology: file }));

    expect(stacks.map(({ name }) => name)).toEqual([
      'warren-dev-stateful',
      ...[1, 2, 3].map((number) => `warren-dev-queues-${number}`),
      'warren-dev-stateless',
    ]);
    for (const { template } of stacks) expect(resourcesIn(template).length).toBeLessThanOrEqual(500);
  });
});
