import type { Problem } from './finding.ts';
import type { Path } from './json-document.ts';

/** Runtime parameters that are not operator policies: what each kind means on AWS. Their values may hold URIs with passwords and are not repeated. */
const components: Readonly<Record<string, Pick<Problem, 'class' | 'message' | 'fix'>>> = {
  shovel: {
    class: 'warning',
    message: 'a shovel is not deployed: nothing moves its messages.',
    fix: 'bind the target directly, or run the shovel on RabbitMQ until the move is over.',
  },
  'federation-upstream': {
    class: 'warning',
    message: 'federation is not deployed: messages of the upstream do not arrive.',
    fix: 'publish to this topology directly, or keep the upstream’s broker until the move is over.',
  },
  'vhost-limits': {
    class: 'compatible',
    message: 'limits of a vhost bound connections and queues of a broker: nothing enforces them here.',
    fix: 'none.',
  },
  'user-limits': {
    class: 'compatible',
    message: 'limits of a user bound connections and channels of a broker: nothing enforces them here.',
    fix: 'none.',
  },
};

export function checkParameter(component: string, path: Path): Problem {
  const name = component === 'federation-upstream-set' ? 'federation-upstream' : component;
  const known = Object.hasOwn(components, name) ? components[name] : undefined;
  if (known) return { ...known, code: name, path };
  return {
    class: 'unknown',
    code: 'unknown-parameter',
    path: [...path, 'component'],
    message: `parameters of the component '${component}' are not understood: they could change what happens to a message.`,
    fix: 'remove it.',
  };
}
