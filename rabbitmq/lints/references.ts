import type { DeclaredBinding } from '../definitions/definitions.ts';
import type { Problem } from '../definitions/finding.ts';
import { defaultExchange } from '../topology.ts';
import type { Lint, Model } from './model.ts';

/** RabbitMQ ends an import at a binding that leads nowhere (rule 4.9.9). */
export const danglingBindings: Lint = (model) =>
  model.definitions.bindings
    .filter(({ source }) => source !== defaultExchange)
    .flatMap((binding) => dangling(binding, model));

function dangling(binding: DeclaredBinding, model: Model): Problem[] {
  const { vhost, source, destination, destinationType: kind } = binding;
  const problems: Problem[] = [];
  if (!model.exchangeExists(vhost, source)) problems.push(missing(binding, 'source', 'exchange', source));
  if (kind === 'queue' && destination.startsWith('amq.')) {
    return [
      ...problems,
      { ...missing(binding, 'destination', kind, destination), class: 'warning', code: 'binding-of-skipped-queue' },
    ];
  }
  const exists = kind === 'queue' ? model.queueExists(vhost, destination) : model.exchangeExists(vhost, destination);
  return exists ? problems : [...problems, missing(binding, 'destination', kind, destination)];
}

function missing({ vhost, path }: DeclaredBinding, field: string, kind: string, name: string): Problem {
  return {
    class: 'blocking',
    code: 'dangling-binding',
    path: [...path, field],
    message: `there is no ${kind} '${name}' in vhost '${vhost}': RabbitMQ ends the import there, with an error (rule 4.9.9).`,
    fix: `declare the ${kind} '${name}', or remove the binding.`,
  };
}

/** Taken by RabbitMQ, with a warning in its log; then nothing is routed there (rule 4.4.7). */
export const missingAlternateExchanges: Lint = ({ topology, exchangeExists, pathOfArgument }) =>
  topology.exchanges.flatMap((exchange): Problem[] => {
    const { vhost, name, alternateExchange } = exchange;
    if (alternateExchange === undefined || exchangeExists(vhost, alternateExchange)) return [];
    return [
      {
        class: 'warning',
        code: 'missing-alternate-exchange',
        path: pathOfArgument(exchange, 'exchanges', 'alternate-exchange'),
        message: `there is no exchange '${alternateExchange}': what '${name}' cannot route stays unrouted (rule 4.4.7).`,
        fix: `declare the exchange '${alternateExchange}'.`,
      },
    ];
  });

export const deadLetterTargets: Lint = ({ topology, exchangeExists, pathOfArgument }) =>
  topology.queues.flatMap((queue): Problem[] => {
    const { vhost, name, deadLetterExchange: exchange, deadLetterRoutingKey: key } = queue;
    if (exchange === undefined && key !== undefined) {
      return [
        {
          class: 'blocking',
          code: 'dead-letter-key-without-exchange',
          path: pathOfArgument(queue, 'queues', 'x-dead-letter-routing-key'),
          message: `'${name}' names a dead-letter routing key but no dead-letter exchange: RabbitMQ refuses the queue (rule 4.6.5).`,
          fix: 'add x-dead-letter-exchange, or remove the key.',
        },
      ];
    }
    if (exchange === undefined || exchangeExists(vhost, exchange)) return [];
    return [
      {
        class: 'warning',
        code: 'missing-dead-letter-exchange',
        path: pathOfArgument(queue, 'queues', 'x-dead-letter-exchange'),
        message: `there is no exchange '${exchange}': RabbitMQ would drop what '${name}' dead-letters (rule 4.6.6); here it stays in the queue until its native dead-letter queue takes it.`,
        fix: `declare the exchange '${exchange}' and bind a queue to it.`,
      },
    ];
  });
