import type { DeclaredPolicy } from '../definitions/definitions.ts';
import type { Lint } from './model.ts';

/** A pattern matches anywhere in a name (rule 4.9.3): `job\.` matches `xjob.y` too. */
export const unanchoredPatterns: Lint = ({ definitions }) =>
  [...definitions.policies, ...definitions.operatorPolicies].filter(isLoose).map((policy) => ({
    class: 'compatible',
    code: 'unanchored-pattern',
    path: [...policy.path, ...(policy.kind === 'policy' ? [] : ['value']), 'pattern'],
    message: `'${policy.pattern}' matches anywhere in a name, not only where it begins (rule 4.9.3).`,
    fix: `write '^${policy.pattern}' if names are to begin so.`,
  }));

/** Neither tied to an end of the name nor meant for every name. */
function isLoose({ pattern }: DeclaredPolicy): boolean {
  return !/^(\(\?[a-z]+\))?\(*(\?:)?\(*(\^|\\A|\.[*+]?|$)/.test(pattern) && !/(\$|\\z|\\Z)\)*$/.test(pattern);
}
