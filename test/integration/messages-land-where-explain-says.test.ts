import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { publish } from '../../rabbitmq/publishing/publish.ts';
import { createRouter } from '../../rabbitmq/routing/router.ts';
import { defaultExchange, type Queue, type Topology } from '../../rabbitmq/topology.ts';
import { deployTopology, type TopologyDeployment } from '../support/topology-deployment.ts';

/** Ours has every exchange type; the others are what real teams published, and lie beside the project, not in it. */
const ours = path.join(import.meta.dirname, 'fixtures/every-exchange.json');
const corpus = path.join(import.meta.dirname, '../../../shared/corpus/rabbitmq-definitions');
const fromCorpus = ['blog__pyvis-rabbitmq-bindings__1', 'Notim__rabbitMq-dotnet-poc__1', 'wki__MessageQ__1'];
const isThere = existsSync(corpus) || process.env['REQUIRE_CORPUS'] === 'true';

const describeWithCorpus = isThere ? describe : describe.skip;

describe('messages published to a topology with every exchange type', () => {
  landWhereExplainSays(ours, '000000000100');
});

describeWithCorpus.each(fromCorpus.map((name, at) => [name, `00000000010${at + 1}`] as const))(
  'messages published to %s (skipped without ../shared/corpus)',
  (name, account) => {
    landWhereExplainSays(path.join(corpus, `${name}.json`), account);
  },
);

function landWhereExplainSays(file: string, account: string): void {
  let deployed: TopologyDeployment;

  beforeAll(async () => {
    deployed = await deployTopology(file, account);
  }, 120_000);

  it('lie in the queues warren explain names, each once, and in no other', async () => {
    const messages = messagesFor(deployed.topology);
    const expected = expectedIn(deployed, messages);

    for (const [vhost, some] of Map.groupBy(messages, (message) => message.vhost)) {
      const answer = await deployed.publish({ vhost, messages: some.map(({ vhost: _vhost, ...message }) => message) });
      expect(answer).toMatchObject({ ok: true });
    }

    for (const queue of deployed.queues) {
      const wanted = expected.get(idOf(queue)) ?? [];
      const found = await deployed.takeEventIds(queue, wanted.length);
      expect({ queue: queue.name, found: found.sort() }).toEqual({ queue: queue.name, found: wanted.sort() });
    }
    expect([...expected.values()].flat().length).toBeGreaterThan(messages.length / 4);
  }, 90_000);
}

/** A FIFO queue would not take the messages of an earlier run again. */
const run = randomUUID();

interface TestMessage {
  readonly vhost: string;
  readonly exchange: string;
  readonly routing_key: string;
  readonly properties: { readonly message_id: string };
  readonly headers: Readonly<Record<string, string | number | boolean>>;
  readonly payload: string;
}

const headerSets: TestMessage['headers'][] = [
  {},
  { region: 'eu', vip: true },
  { customer: 'c-17', region: 'us' },
  { customer: 18, 'x-delay': 800 },
];

/** To each exchange a client may publish to: keys its bindings know, their wildcards filled in, and a key nobody knows. */
function messagesFor({ exchanges, bindings, queues }: Topology): TestMessage[] {
  const vhosts = new Set(queues.map(({ vhost }) => vhost));
  const open = [
    ...exchanges.filter(({ internal }) => !internal),
    ...[...vhosts].map((vhost) => ({ vhost, name: defaultExchange })),
  ];
  return open.flatMap(({ vhost, name }) => {
    const own = bindings.filter((binding) => binding.vhost === vhost && binding.source === name);
    const keys =
      name === defaultExchange
        ? queues.filter((queue) => queue.vhost === vhost).map((queue) => queue.name)
        : own.flatMap(({ bindingKey }) => [bindingKey.replaceAll('#', 'a.b').replaceAll('*', 'new')]);
    return [...new Set([...keys, 'order.new', 'nobody.knows'])].flatMap((routing_key) =>
      headerSets.map((headers, at) => {
        const message_id = JSON.stringify([run, vhost, name, routing_key, at]);
        return { vhost, exchange: name, routing_key, headers, properties: { message_id }, payload: message_id };
      }),
    );
  });
}

/** What `warren explain` says, with one step more for delay queues: where their dead-letter exchange routes to. */
function expectedIn({ topology }: TopologyDeployment, messages: readonly TestMessage[]): Map<string, string[]> {
  const router = createRouter(topology, { random: () => 0 });
  const expected = new Map<string, string[]>();
  const put = (vhost: string, name: string, id: string): void => {
    const key = idOf({ vhost, name });
    expected.set(key, [...(expected.get(key) ?? []), id]);
  };
  for (const { vhost, exchange, routing_key: routingKey, headers, properties } of messages) {
    const decision = publish(router, { vhost, exchange, routingKey, headers });
    if ('error' in decision) throw decision.error;
    for (const name of decision.queues) {
      const delay = topology.queues.find((queue) => queue.vhost === vhost && queue.name === name && queue.delayQueue);
      if (!delay) put(vhost, name, properties.message_id);
      else for (const end of endsOf(delay, routingKey)) put(vhost, end, properties.message_id);
    }
  }
  return expected;

  function endsOf({ vhost, deadLetterExchange = '', deadLetterRoutingKey }: Queue, key: string): string[] {
    return router.route({
      vhost,
      exchange: deadLetterExchange,
      routingKeys: [deadLetterRoutingKey ?? key],
      headers: {},
    });
  }
}

function idOf({ vhost, name }: Pick<Queue, 'vhost' | 'name'>): string {
  return JSON.stringify([vhost, name]);
}
