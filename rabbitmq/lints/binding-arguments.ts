import type { DeclaredBinding } from '../definitions/definitions.ts';
import type { Problem } from '../definitions/finding.ts';
import type { Lint } from './model.ts';

const ways: readonly unknown[] = ['all', 'any', 'all-with-x', 'any-with-x'];

/** What a headers exchange asks of a message is in its bindings' arguments; no other exchange looks at them. */
export const bindingArguments: Lint = ({ definitions, exchange }) =>
  definitions.bindings.flatMap((binding) => {
    const type = exchange(binding.vhost, binding.source)?.type;
    if (type === undefined) return [];
    return type === 'headers' ? headersBinding(binding) : ignoredArguments(binding, type);
  });

function ignoredArguments({ arguments: table, path, source }: DeclaredBinding, type: string): Problem[] {
  if (Object.keys(table).length === 0) return [];
  return [
    {
      class: 'compatible',
      code: 'binding-arguments-ignored',
      path: [...path, 'arguments'],
      message: `'${source}' is ${type}: only a headers exchange looks at arguments of a binding.`,
      fix: 'none, or remove them.',
    },
  ];
}

function headersBinding({ arguments: table, path, destination }: DeclaredBinding): Problem[] {
  const way = Object.hasOwn(table, 'x-match') ? table['x-match'] : 'all';
  if (!ways.includes(way)) {
    return [
      {
        class: 'blocking',
        code: 'invalid-x-match',
        path: [...path, 'arguments', 'x-match'],
        message: 'x-match must be all, any, all-with-x or any-with-x: RabbitMQ refuses the binding (rule 4.2.3).',
        fix: 'choose one of them.',
      },
    ];
  }
  const withX = way === 'all-with-x' || way === 'any-with-x';
  const usable = Object.keys(table).filter((name) => name !== 'x-match' && (withX || !name.startsWith('x-')));
  if (usable.length > 0) return [];
  const any = way === 'any' || way === 'any-with-x';
  return [
    {
      class: 'warning',
      code: any ? 'headers-binding-matches-nothing' : 'headers-binding-matches-everything',
      path: [...path, 'arguments'],
      message: any
        ? `any of no header: nothing goes this way to '${destination}' (rule 4.2.7).`
        : `all of no header: every message goes to '${destination}' (rule 4.2.6).`,
      fix: withX
        ? 'name a header.'
        : 'name a header; those that start with x- count with all-with-x and any-with-x only.',
    },
  ];
}
