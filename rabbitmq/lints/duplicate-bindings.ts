import type { DeclaredBinding } from '../definitions/definitions.ts';
import type { Headers } from '../message.ts';
import { keyOf, type Lint } from './model.ts';

/** One binding said twice: RabbitMQ has it once (rule 4.4.10). */
export const identicalBindings: Lint = ({ definitions }) =>
  laterOnes(definitions.bindings, (binding) => identityOf(binding)).map(([first, binding]) => ({
    class: 'compatible',
    code: 'duplicate-binding',
    path: binding.path,
    message: `the same as bindings[${String(first.path[1])}], from '${binding.source}' to '${binding.destination}': RabbitMQ has it once (rule 4.4.10).`,
    fix: 'remove it.',
  }));

/** Bindings that differ in nothing the exchange looks at: still one delivery (rule 4.4.10). */
export const bindingsDifferingInArguments: Lint = ({ definitions, exchange }) => {
  const once = [...new Map(definitions.bindings.toReversed().map((one) => [identityOf(one), one])).values()].reverse();
  const blind = once.filter(({ vhost, source }) => {
    const type = exchange(vhost, source)?.type;
    return type === 'direct' || type === 'fanout' || type === 'topic';
  });
  return laterOnes(blind, endsOf).map(([first, binding]) => ({
    class: 'compatible',
    code: 'same-key-other-arguments',
    path: binding.path,
    message: `differs from bindings[${String(first.path[1])}] in arguments only, which '${binding.source}' does not look at: '${binding.destination}' gets one copy (rule 4.4.10).`,
    fix: 'remove it.',
  }));
};

/** Each that an earlier one equals, with the first such. */
function laterOnes(
  bindings: readonly DeclaredBinding[],
  id: (binding: DeclaredBinding) => string,
): [first: DeclaredBinding, later: DeclaredBinding][] {
  return [...Map.groupBy(bindings, id).values()].flatMap(([first, ...later]) =>
    first ? later.map((one): [DeclaredBinding, DeclaredBinding] => [first, one]) : [],
  );
}

function endsOf({ vhost, source, destination, destinationType, bindingKey }: DeclaredBinding): string {
  return keyOf(vhost, source, destinationType, destination, bindingKey);
}

/** What RabbitMQ knows a binding by (rule 4.4.10). */
export function identityOf(binding: DeclaredBinding): string {
  return keyOf(endsOf(binding), sorted(binding.arguments));
}

function sorted(table: Headers): string {
  return JSON.stringify(Object.entries(table).sort(([one], [other]) => (one < other ? -1 : 1)));
}
