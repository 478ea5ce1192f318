import { createRouter } from '../routing/router.ts';
import { defaultExchange, type Queue } from '../topology.ts';
import { hasWildcard } from './binding-keys.ts';
import { exchangesBehind } from './exchanges.ts';
import type { Lint, Model } from './model.ts';

/** RabbitMQ drops such letters and says nothing (rule 4.6.6). */
export const unboundDeadLetterExchanges: Lint = (model) =>
  model.topology.queues.flatMap((queue) => {
    const { vhost, name, deadLetterExchange: exchange } = queue;
    if (exchange === undefined || exchange === defaultExchange || !model.exchangeExists(vhost, exchange)) return [];
    if (model.bindingsFrom(vhost, exchange).length > 0) return [];
    if (model.exchange(vhost, exchange)?.alternateExchange !== undefined) return [];
    return [
      {
        class: 'warning' as const,
        code: 'dead-letter-exchange-unbound',
        path: model.pathOfArgument(queue, 'queues', 'x-dead-letter-exchange'),
        message: `nothing is bound to '${exchange}': RabbitMQ drops what '${name}' dead-letters (rule 4.6.6).`,
        fix: `bind a queue to '${exchange}'.`,
      },
    ];
  });

/** The exchange has bindings, but none that the letter's key matches, there or behind it. */
export const unmatchedDeadLetterKeys: Lint = (model) => {
  const router = createRouter(model.topology, { random: () => 0 });
  return model.topology.queues.flatMap((queue) => {
    const { vhost, deadLetterExchange: exchange, deadLetterRoutingKey: own } = queue;
    if (exchange === undefined || !decidesByKey(vhost, exchange, model)) return [];
    const keys = own === undefined ? literalKeysOf(queue, model) : [own];
    const lost = keys.find((key) => router.route({ vhost, exchange, routingKeys: [key] }).length === 0);
    if (lost === undefined) return [];
    return [
      {
        class: 'warning' as const,
        code: 'dead-letter-key-unmatched',
        path: model.pathOfArgument(
          queue,
          'queues',
          own === undefined ? 'x-dead-letter-exchange' : 'x-dead-letter-routing-key',
        ),
        message: unmatched(queue, lost),
        fix:
          exchange === defaultExchange
            ? `declare a queue '${lost}', or set x-dead-letter-routing-key to the name of one.`
            : `bind a queue to '${exchange}' by '${lost}', or set x-dead-letter-routing-key to a key that is bound.`,
      },
    ];
  });
};

function unmatched({ name, deadLetterExchange, deadLetterRoutingKey }: Queue, lost: string): string {
  const key = deadLetterRoutingKey === undefined ? `keeps its key '${lost}' and` : `has the key '${lost}' and`;
  const exchange = deadLetterExchange === defaultExchange ? 'the default exchange' : `'${deadLetterExchange}'`;
  return `what '${name}' dead-letters ${key} reaches no queue through ${exchange}: RabbitMQ drops it (rules 4.6.3, 4.6.6).`;
}

/** Headers decide on the way behind a headers exchange; without any binding it is another finding. */
function decidesByKey(vhost: string, exchange: string, model: Model): boolean {
  const names = exchangesBehind(vhost, exchange, model);
  if (names.some((name) => !model.exchangeExists(vhost, name))) return false;
  if (names.some((name) => (model.exchange(vhost, name)?.type ?? 'headers') === 'headers')) return false;
  return exchange === defaultExchange || names.some((name) => model.bindingsFrom(vhost, name).length > 0);
}

/** Keys that messages in the queue certainly have: those of its bindings that match one key only. */
function literalKeysOf({ vhost, name }: Queue, { bindingsTo, exchange }: Model): string[] {
  return bindingsTo(vhost, name, 'queue').flatMap(({ source, bindingKey }) => {
    const type = exchange(vhost, source)?.type;
    const literal = type === 'direct' || (type === 'topic' && !hasWildcard(bindingKey));
    return literal ? [bindingKey] : [];
  });
}
