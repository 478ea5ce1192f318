import type { Exchange } from '../topology.ts';
import { keyOf, type Lint, type Model } from './model.ts';

/** What is published there is dropped: neither a binding nor an alternate exchange leads to a queue in the end. */
export const exchangesLeadingNowhere: Lint = (model) =>
  model.topology.exchanges
    .filter((exchange) => !leadsToQueue(exchange, model))
    .map((exchange) => ({
      class: 'warning',
      code: 'exchange-leads-nowhere',
      path: model.pathOf(exchange, 'exchanges'),
      message: `no binding leads from '${exchange.name}' to a queue: whatever is published there is unroutable.`,
      fix: 'bind a queue to it, or remove it; a client that binds at run time has to do it here.',
    }));

function leadsToQueue(exchange: Exchange, model: Model): boolean {
  const { vhost } = exchange;
  return exchangesBehind(vhost, exchange.name, model).some((name) =>
    model.bindingsFrom(vhost, name).some(({ destinationType }) => destinationType === 'queue'),
  );
}

/** The exchange and every one that a message could go on to from there, by bindings or as alternate exchange. */
export function exchangesBehind(vhost: string, first: string, model: Model): string[] {
  const names = new Set([first]);
  // A Set's iteration reaches what is added on the way, and each name once: cycles end by themselves.
  for (const name of names) {
    for (const { destination, destinationType } of model.bindingsFrom(vhost, name)) {
      if (destinationType === 'exchange') names.add(destination);
    }
    const alternate = model.exchange(vhost, name)?.alternateExchange;
    if (alternate !== undefined) names.add(alternate);
  }
  return [...names];
}

/** Clients cannot publish to an internal exchange: something has to lead there. */
export const unreachableExchanges: Lint = (model) => {
  const { exchanges, queues } = model.topology;
  const led = new Set([
    ...exchanges.map(({ vhost, alternateExchange }) => keyOf(vhost, alternateExchange ?? '')),
    ...queues.map(({ vhost, deadLetterExchange }) => keyOf(vhost, deadLetterExchange ?? '')),
  ]);
  return exchanges
    .filter(({ internal, vhost, name }) => internal && !led.has(keyOf(vhost, name)))
    .filter(({ vhost, name }) => model.bindingsTo(vhost, name, 'exchange').length === 0)
    .map((exchange) => ({
      class: 'warning',
      code: 'unreachable-exchange',
      path: model.pathOf(exchange, 'exchanges'),
      message: `'${exchange.name}' is internal, so no client can publish to it, and no binding, alternate or dead-letter exchange leads there.`,
      fix: 'bind it to an exchange, or remove it.',
    }));
};

/** By its name a queue is reachable all the same (rule 4.3.3). */
export const unboundQueues: Lint = (model) =>
  model.topology.queues
    .filter(({ vhost, name }) => model.bindingsTo(vhost, name, 'queue').length === 0)
    .map((queue) => ({
      class: 'compatible',
      code: 'unbound-queue',
      path: model.pathOf(queue, 'queues'),
      message: `no exchange is bound to '${queue.name}': only the default exchange reaches it, by its name (rule 4.3.3).`,
      fix: 'none.',
    }));

/** A direct alternate exchange takes only messages of exactly the keys bound to it (rule 4.4.8). */
export const directAlternates: Lint = (model) =>
  model.topology.exchanges.flatMap((exchange) => {
    const { vhost, name, alternateExchange } = exchange;
    if (alternateExchange === undefined) return [];
    const isDirect = model.exchange(vhost, alternateExchange)?.type === 'direct' && alternateExchange !== '';
    if (!isDirect || model.bindingsFrom(vhost, alternateExchange).some(({ bindingKey }) => bindingKey !== ''))
      return [];
    return [
      {
        class: 'warning' as const,
        code: 'alternate-exchange-without-key',
        path: model.pathOfArgument(exchange, 'exchanges', 'alternate-exchange'),
        message: `'${alternateExchange}' is direct and bound with no key but the empty one: what '${name}' cannot route keeps its own key and is lost there (rule 4.4.8).`,
        fix: `make '${alternateExchange}' a fanout exchange.`,
      },
    ];
  });

/** The alternate exchange is asked only when the exchange itself finds nothing (rule 4.4.4). */
export const unusedAlternates: Lint = (model) =>
  model.topology.exchanges
    .filter(({ alternateExchange }) => alternateExchange !== undefined)
    .filter(({ vhost, name, type }) =>
      model
        .bindingsFrom(vhost, name)
        .some(({ bindingKey }) => type === 'fanout' || (type === 'topic' && bindingKey === '#')),
    )
    .map((exchange) => ({
      class: 'warning',
      code: 'alternate-exchange-unused',
      path: model.pathOfArgument(exchange, 'exchanges', 'alternate-exchange'),
      message: `a binding of '${exchange.name}' matches every message, so '${exchange.alternateExchange}' is never asked, not even when an exchange behind that binding drops the message (rule 4.4.4).`,
      fix: 'remove the alternate exchange, or give it to the exchange behind.',
    }));
