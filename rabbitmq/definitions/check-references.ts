import { isPredeclared, predeclaredExchanges } from '../topology.ts';
import type { Finding } from './finding.ts';
import type { Path } from './json-document.ts';
import type { Definitions } from './schema.ts';

export type Problem = Omit<Finding, 'path' | 'line' | 'column'> & { readonly path: Path };

/** Do the names in the definitions lead somewhere? RabbitMQ refuses the import of a binding that does not (rule 4.9.9). */
export function checkReferences(definitions: Definitions): Problem[] {
  const exists = existence(definitions);
  return [
    ...definitions.exchanges.flatMap((exchange, at) => checkExchange(exchange, ['exchanges', at], exists)),
    ...definitions.queues.flatMap((queue, at) => checkQueue(queue, ['queues', at], exists)),
    ...definitions.bindings.flatMap((binding, at) => checkBinding(binding, ['bindings', at], exists)),
    ...declaredTwice(definitions, 'exchanges'),
    ...declaredTwice(definitions, 'queues'),
  ];
}

interface Existence {
  exchange(vhost: string, name: string): boolean;
  queue(vhost: string, name: string): boolean;
}

function existence({ exchanges, queues }: Definitions): Existence {
  const has = (objects: readonly { vhost: string; name: string }[], vhost: string, name: string): boolean =>
    objects.some((object) => object.vhost === vhost && object.name === name);
  return {
    exchange: (vhost, name) =>
      isPredeclared(name) ? predeclaredExchanges.some((one) => one.name === name) : has(exchanges, vhost, name),
    queue: (vhost, name) => has(queues, vhost, name),
  };
}

function checkExchange(exchange: Definitions['exchanges'][number], path: Path, exists: Existence): Problem[] {
  const problems: Problem[] = [];
  if (isPredeclared(exchange.name)) {
    problems.push({
      class: 'warning',
      code: 'predeclared-exchange',
      path: [...path, 'name'],
      message: `'${exchange.name}' is predeclared: RabbitMQ skips it on import (rule 4.3.5).`,
      fix: 'remove the entry.',
    });
  }
  const alternate = exchange.arguments['alternate-exchange'];
  if (alternate !== undefined && !exists.exchange(exchange.vhost, alternate)) {
    problems.push({
      class: 'warning',
      code: 'missing-alternate-exchange',
      path: [...path, 'arguments', 'alternate-exchange'],
      message: `there is no exchange '${alternate}': what '${exchange.name}' cannot route stays unrouted (rule 4.4.7).`,
      fix: `declare the exchange '${alternate}'.`,
    });
  }
  return problems;
}

function checkQueue(queue: Definitions['queues'][number], path: Path, exists: Existence): Problem[] {
  const { 'x-dead-letter-exchange': exchange, 'x-dead-letter-routing-key': key } = queue.arguments;
  if (exchange === undefined && key !== undefined) {
    return [
      {
        class: 'blocking',
        code: 'dead-letter-key-without-exchange',
        path: [...path, 'arguments', 'x-dead-letter-routing-key'],
        message: `'${queue.name}' names a dead-letter routing key but no dead-letter exchange: RabbitMQ refuses the queue (rule 4.6.5).`,
        fix: 'add x-dead-letter-exchange, or remove the key.',
      },
    ];
  }
  if (exchange !== undefined && !exists.exchange(queue.vhost, exchange)) {
    return [
      {
        class: 'warning',
        code: 'missing-dead-letter-exchange',
        path: [...path, 'arguments', 'x-dead-letter-exchange'],
        message: `there is no exchange '${exchange}': RabbitMQ would drop what '${queue.name}' dead-letters (rule 4.6.6); here it stays in the queue until its native dead-letter queue takes it.`,
        fix: `declare the exchange '${exchange}' and bind a queue to it.`,
      },
    ];
  }
  return [];
}

function checkBinding(binding: Definitions['bindings'][number], path: Path, exists: Existence): Problem[] {
  const { vhost, source, destination, destination_type: type } = binding;
  const missing: Problem[] = [];
  const report = (key: string, kind: string, name: string): void => {
    missing.push({
      class: 'blocking',
      code: 'dangling-binding',
      path: [...path, key],
      message: `there is no ${kind} '${name}' in vhost '${vhost}': RabbitMQ refuses the whole import (rule 4.9.9).`,
      fix: `declare the ${kind} '${name}', or remove the binding.`,
    });
  };
  if (!exists.exchange(vhost, source)) report('source', 'exchange', source);
  if (!exists[type](vhost, destination)) report('destination', type, destination);
  return missing;
}

function declaredTwice(definitions: Definitions, kind: 'exchanges' | 'queues'): Problem[] {
  const seen = new Set<string>();
  return definitions[kind].flatMap(({ vhost, name }, at): Problem[] => {
    const key = JSON.stringify([vhost, name]);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [
      {
        class: 'blocking',
        code: 'declared-twice',
        path: [kind, at],
        message: `'${name}' is declared more than once in vhost '${vhost}'.`,
        fix: 'keep one of them.',
      },
    ];
  });
}
