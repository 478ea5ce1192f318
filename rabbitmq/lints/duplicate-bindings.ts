import { bindingEnds, bindingIdentity } from '../compile/binding-identity.ts';
import type { DeclaredBinding } from '../definitions/definitions.ts';
import type { Lint } from './model.ts';

/** One binding said twice: RabbitMQ has it once (rule 4.4.10). */
export const identicalBindings: Lint = ({ definitions }) =>
  laterOnes(definitions.bindings, bindingIdentity).map(([first, binding]) => ({
    class: 'compatible',
    code: 'duplicate-binding',
    path: binding.path,
    message: `the same as bindings[${String(first.path[1])}], from '${binding.source}' to '${binding.destination}': RabbitMQ has it once (rule 4.4.10).`,
    fix: 'remove it.',
  }));

/** Bindings that differ in nothing the exchange looks at: still one delivery (rule 4.4.10). */
export const bindingsDifferingInArguments: Lint = ({ definitions, exchange }) => {
  const once = [
    ...new Map(definitions.bindings.toReversed().map((one) => [bindingIdentity(one), one])).values(),
  ].reverse();
  const blind = once.filter(({ vhost, source }) => {
    const type = exchange(vhost, source)?.type;
    return type === 'direct' || type === 'fanout' || type === 'topic';
  });
  return laterOnes(blind, bindingEnds).map(([first, binding]) => ({
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
