import type { Problem } from '../definitions/finding.ts';
import type { Path } from '../definitions/json-document.ts';
import { defaultExchange, isPredeclared } from '../topology.ts';
import type { Lint } from './model.ts';

/** Names that only the broker may declare: an import skips them (rule 4.3.5). */
export const predeclaredNames: Lint = ({ definitions }) => [
  ...definitions.exchanges
    .filter(({ name }) => isPredeclared(name))
    .map(({ path, name }) => skipped([...path, 'name'], name, 'exchange')),
  ...definitions.queues
    .filter(({ name }) => name.startsWith('amq.'))
    .map(({ path, name }) => skipped([...path, 'name'], name, 'queue')),
];

function skipped(path: Path, name: string, kind: string): Problem {
  return {
    class: 'warning',
    code: `predeclared-${kind}`,
    path,
    message: `'${name}' is a name of the broker's own: RabbitMQ skips the ${kind} on import (rule 4.3.5), and so it is here.`,
    fix: 'remove the entry.',
  };
}

/** Objects of a vhost that the file does not have: RabbitMQ refuses them, unless the vhost is there already. */
export const undeclaredVhosts: Lint = ({ definitions }) => {
  const { vhosts, exchanges, queues, bindings, policies } = definitions;
  if (vhosts.length === 0) return [];
  const declared = new Set(vhosts.map(({ name }) => name));
  const missing = new Map<string, Path>();
  for (const { vhost, path } of [...exchanges, ...queues, ...bindings, ...policies]) {
    if (!declared.has(vhost) && !missing.has(vhost)) missing.set(vhost, path);
  }
  return [...missing].map(([vhost, path]) => ({
    class: 'warning',
    code: 'undeclared-vhost',
    path,
    message: `the file has vhosts, but not '${vhost}': RabbitMQ refuses the import where it does not exist.`,
    fix: `add { "name": ${JSON.stringify(vhost)} } to vhosts.`,
  }));
};

/** A template that nobody filled in. */
export const placeholders: Lint = ({ definitions }) =>
  [...definitions.exchanges, ...definitions.queues, ...definitions.vhosts]
    .filter(({ name }) => /\{\{.*\}\}|\$\{.*\}|<%.*%>/.test(name))
    .map(({ path, name }) => ({
      class: 'warning',
      code: 'placeholder',
      path: [...path, 'name'],
      message: `'${name}' looks like a placeholder of a template.`,
      fix: 'fill in the template first.',
    }));

/** Redundant: every queue is bound to the default exchange by its name (rule 4.3.5). */
export const defaultExchangeBindings: Lint = ({ definitions }) =>
  definitions.bindings
    .filter(({ source }) => source === defaultExchange)
    .map(({ path, destination }) => ({
      class: 'warning',
      code: 'default-exchange-binding',
      path,
      message: `the default exchange routes to '${destination}' by its name already, and nobody can bind to it (rules 4.3.4, 4.3.5): the binding is left out.`,
      fix: 'remove it.',
    }));
