import { bindingIdentity } from '../compile/binding-identity.ts';
import type { DeclaredBinding } from '../definitions/definitions.ts';
import type { Problem } from '../definitions/finding.ts';
import type { Lint } from './model.ts';

/** The binding key of a consistent-hash exchange is a weight, and a destination has one (rules 4.10.1, 4.10.2). */
export const hashWeights: Lint = ({ topology, bindingsFrom }) =>
  topology.exchanges
    .filter(({ type }) => type === 'x-consistent-hash')
    .flatMap(({ vhost, name }) => [
      ...bindingsFrom(vhost, name).filter(hasNoWeight).map(noWeight),
      ...secondBindings(bindingsFrom(vhost, name)).map(passedOver),
    ]);

function hasNoWeight({ bindingKey }: DeclaredBinding): boolean {
  const weight = /^[+-]?\d+$/.test(bindingKey) ? Number(bindingKey) : Number.NaN;
  return !(weight >= 1 && weight <= 10_000);
}

function noWeight({ path, bindingKey, source }: DeclaredBinding): Problem {
  return {
    class: 'blocking',
    code: 'hash-weight',
    path: [...path, 'routing_key'],
    message: `'${bindingKey}' is no weight of '${source}', a whole number from 1 to 10000: RabbitMQ refuses the binding (rule 4.10.1).`,
    fix: 'write a weight, such as "1".',
  };
}

/** A repetition of the first is a finding already. */
function secondBindings(bindings: readonly DeclaredBinding[]): DeclaredBinding[] {
  const groups = Map.groupBy(bindings, ({ destination, destinationType }) => `${destinationType} ${destination}`);
  return [...groups.values()].flatMap(([first, ...later]) =>
    later.filter((one) => first && bindingIdentity(one) !== bindingIdentity(first)),
  );
}

function passedOver({ path, destination }: DeclaredBinding): Problem {
  return {
    class: 'warning',
    code: 'hash-second-binding',
    path,
    message: `'${destination}' is bound to this exchange already: only its first binding counts, with its weight (rule 4.10.2).`,
    fix: 'remove it, or raise the weight of the first.',
  };
}

/** A header that messages need not have (rule 4.10.4). */
export const hashHeaders: Lint = ({ topology, pathOfArgument }) =>
  topology.exchanges.flatMap((exchange): Problem[] => {
    const header = exchange.hashOn?.header;
    if (exchange.type !== 'x-consistent-hash' || header === undefined) return [];
    return [
      {
        class: 'compatible',
        code: 'hash-header-may-be-absent',
        path: pathOfArgument(exchange, 'exchanges', 'hash-header'),
        message: `all messages without the header '${header}' go to one and the same queue (rule 4.10.4).`,
        fix: 'none, if every publisher sets it.',
      },
    ];
  });
