import type { DeclaredQueue } from '../definitions/definitions.ts';
import type { Problem } from '../definitions/finding.ts';
import { type Dialect, dialectRules } from '../dialect.ts';
import { inForce, type SettingSources } from '../settings/settings-in-force.ts';

/** Settings of a queue that hold only with others, or without being said. */
export function checkReliability(
  declared: DeclaredQueue,
  type: 'classic' | 'quorum',
  sources: SettingSources,
  dialect: Dialect,
): Problem[] {
  return [...checkStrategy(declared, type, sources), ...checkDeliveryLimit(declared, type, sources, dialect)];
}

/** At-least-once takes a quorum queue that refuses instead of dropping (rule 4.6.6). */
function checkStrategy({ name, path }: DeclaredQueue, type: string, sources: SettingSources): Problem[] {
  const strategy = inForce('dead-letter-strategy', sources);
  if (strategy?.value !== 'at-least-once') return [];
  const missing = [
    ...(type === 'quorum' ? [] : ['a quorum queue']),
    ...(inForce('overflow', sources)?.value === 'reject-publish' ? [] : ['overflow reject-publish']),
    ...(inForce('dead-letter-exchange', sources) ? [] : ['a dead-letter exchange']),
  ];
  if (missing.length === 0) return [];
  return [
    {
      class: 'warning',
      code: 'at-least-once-without-effect',
      path: strategy.from === 'argument' ? strategy.path : path,
      message: `at-least-once dead-lettering of '${name}' needs ${missing.join(' and ')}: without, RabbitMQ drops letters that it cannot route (rule 4.6.6).`,
      fix: `add ${missing.join(' and ')}, or remove the strategy.`,
    },
  ];
}

function checkDeliveryLimit(
  { name, path }: DeclaredQueue,
  type: string,
  sources: SettingSources,
  dialect: Dialect,
): Problem[] {
  const { defaultDeliveryLimit } = dialectRules[dialect];
  if (type !== 'quorum' || defaultDeliveryLimit === undefined || inForce('delivery-limit', sources)) return [];
  return [
    {
      class: 'compatible',
      code: 'default-delivery-limit',
      path,
      message: `'${name}' names no delivery limit: RabbitMQ's ${defaultDeliveryLimit} applies since 4.0 (rule 4.8.7).`,
      fix: 'none, or set x-delivery-limit.',
    },
  ];
}
