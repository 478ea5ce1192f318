import type { Problem } from './finding.ts';

/** A file without exchanges and queues is most often another file than was meant. */
export function nothingDeclared({ exchanges, queues }: Readonly<Record<string, unknown>>): Problem[] {
  if (![exchanges, queues].every(isNothing)) return [];
  return [
    {
      class: 'warning',
      code: 'nothing-declared',
      path: [],
      message: 'the file declares no exchange and no queue: nothing would be deployed.',
      fix: 'check that it is the right file, and the export of a broker that has the queues.',
    },
  ];
}

function isNothing(section: unknown): boolean {
  return section === undefined || (Array.isArray(section) && section.length === 0);
}
