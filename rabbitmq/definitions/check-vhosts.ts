import type { Problem } from './finding.ts';

/** A cluster-wide import refuses an object without a vhost (rule 4.9.10); where none has one, it is an export of one vhost. */
export function checkVhosts(sections: Readonly<Record<string, unknown>>, vhost: string): Problem[] {
  const { vhosts } = sections;
  const objects = ['exchanges', 'queues', 'bindings', 'policies'].flatMap((section) => {
    const values = sections[section];
    return Array.isArray(values) ? values.map((value: unknown, at) => ({ path: [section, at], value })) : [];
  });
  const without = objects.filter(({ value }) => typeof value === 'object' && value !== null && !('vhost' in value));
  const [first] = without;
  if (!first) return [];
  const hasVhosts = Array.isArray(vhosts) && vhosts.length > 0;
  if (!hasVhosts && without.length === objects.length) {
    return [
      {
        class: 'compatible',
        code: 'single-vhost',
        path: first.path,
        message: `no object names a vhost: all are read as vhost '${vhost}', as an import into it would.`,
        fix: 'none.',
      },
    ];
  }
  return without.map(({ path }) => ({
    class: 'blocking',
    code: 'object-without-vhost',
    path,
    message:
      'names no vhost, though others do: RabbitMQ refuses such an object in an import of a cluster (rule 4.9.10).',
    fix: `add "vhost": "${vhost}".`,
  }));
}
