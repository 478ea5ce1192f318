import { seededRandom } from '../bin/warren/random.ts';
import type { Headers } from '../rabbitmq/message.ts';
import type { RoutedMessage } from '../rabbitmq/routing/router.ts';
import type { Binding, Exchange, ExchangeType, Topology } from '../rabbitmq/topology.ts';

/** A topology and messages for it, the same in every run. */
export interface Workload {
  readonly name: string;
  readonly topology: Topology;
  readonly messages: readonly RoutedMessage[];
  /** The naive matcher would not end in our lifetime. */
  readonly routerOnly?: boolean;
}

const messageCount = 1_000;
const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

export function directWorkload(bindings: number): Workload {
  const random = seededRandom(1);
  const bound = times(bindings, (at) => bind('x', `q${at}`, `orders.region-${at}.paid`));
  // One message in ten has a key that nobody is bound with.
  const key = () => `orders.region-${Math.floor(random() * bindings * 1.1)}.paid`;
  return workload(`direct, ${thousands(bindings)} bindings`, ['direct'], bound, () => ({ routingKeys: [key()] }));
}

/** Five words, of 20 each; a fifth of the bindings has a `*` or a `#` among them. */
export function topicWorkload(bindings: number): Workload {
  const random = seededRandom(2);
  const word = (position: number) => `${'abcde'[position]}${Math.floor(random() * 20)}`;
  const words = () => times(5, word);
  const bindingKey = (at: number) =>
    (at % 5 === 0 ? words().with(Math.floor(random() * 5), random() < 0.5 ? '*' : '#') : words()).join('.');
  const bound = times(bindings, (at) => bind('x', `q${at}`, bindingKey(at)));
  return workload(`topic, ${thousands(bindings)} bindings`, ['topic'], bound, () => ({
    routingKeys: [words().join('.')],
  }));
}

/** The longest key against the most `#` words: what backtracking matchers never finish. */
export function manyHashesWorkload(): Workload {
  const hashes = times(50, (at) => bind('x', `q${at}`, `${'#.a.'.repeat(at + 1)}z`));
  const routingKeys = [times(128, () => 'a').join('.')];
  return { ...workload('topic, up to 50 #, 128 words', ['topic'], hashes, () => ({ routingKeys })), routerOnly: true };
}

/** Three arguments each, every second binding `any`. */
export function headersWorkload(bindings: number): Workload {
  const random = seededRandom(3);
  const pick = (count: number) => Math.floor(random() * count);
  const values = (): Headers => ({ tenant: `t${pick(50)}`, version: pick(10), format: `f${pick(5)}` });
  const bound = times(bindings, (at) => ({
    ...bind('x', `q${at}`, ''),
    arguments: { 'x-match': at % 2 ? 'any' : 'all', ...values() },
  }));
  return workload(`headers, ${thousands(bindings)} bindings`, ['headers'], bound, () => ({
    routingKeys: [''],
    headers: { ...values(), trace: 'b7ad6b7169203331' },
  }));
}

/** topic to direct to fanout to topic to fanout, with a queue at each. */
export function chainWorkload(): Workload {
  const names = ['x', 'x1', 'x2', 'x3', 'x4'];
  const keys = ['order.#', 'order.paid', '', '*.paid', ''];
  const bound = names.flatMap((source, at) => {
    const next = names[at + 1];
    const onward = next === undefined ? [] : [bind(source, next, keys[at] ?? '', 'exchange')];
    return [bind(source, `q${at}`, keys[at] ?? ''), ...onward];
  });
  return workload('chain of 5 exchanges', ['topic', 'direct', 'fanout', 'topic', 'fanout'], bound, () => ({
    routingKeys: ['order.paid'],
  }));
}

function workload(
  name: string,
  types: readonly ExchangeType[],
  bindings: readonly Binding[],
  message: () => Pick<RoutedMessage, 'routingKeys' | 'headers'>,
): Workload {
  const exchanges = types.map((type, at): Exchange => {
    return { vhost: '/', name: at === 0 ? 'x' : `x${at}`, type, internal: false };
  });
  const names = new Set(bindings.filter((one) => one.destinationType === 'queue').map((one) => one.destination));
  const queues = [...names].map((queue) => ({ vhost: '/', name: queue, type: 'quorum' as const }));
  const messages = times(messageCount, () => ({ vhost: '/', exchange: 'x', ...message() }));
  return { name, topology: { dialect: '4.3', exchanges, queues, bindings }, messages };
}

function bind(
  source: string,
  destination: string,
  bindingKey: string,
  destinationType: Binding['destinationType'] = 'queue',
): Binding {
  return { vhost: '/', source, destination, destinationType, bindingKey };
}

function thousands(count: number): string {
  return count.toLocaleString('en');
}
