import type { Path } from './json-document.ts';

/**
 * What reading definitions reports. `blocking` and `unknown` stop a deployment: the first cannot be honoured, the second is
 * not understood; `warning` never stops one; `compatible` is worth knowing and changes nothing.
 */
export const findingClasses = ['blocking', 'unknown', 'warning', 'compatible'] as const;
export type FindingClass = (typeof findingClasses)[number];

/** What is found, before its place in the text is looked up. */
export interface Problem {
  readonly class: FindingClass;
  /** Stable, for machines: kebab-case. */
  readonly code: string;
  readonly path: Path;
  readonly message: string;
  readonly fix: string;
}

export interface Finding extends Omit<Problem, 'path'> {
  /** Where in the document: `queues[2].arguments.x-message-ttl`; empty for the document itself. */
  readonly path: string;
  /** Both start at 1. */
  readonly line: number;
  readonly column: number;
}

export function stopsDeployment(finding: Pick<Finding, 'class'>): boolean {
  return finding.class === 'blocking' || finding.class === 'unknown';
}

/** `topology/definitions.json:12:7 blocking: queues[0]… Fix: …`, one line a finding. */
export function formatFinding(file: string, { class: kind, path, line, column, message, fix }: Finding): string {
  return `${file}:${line}:${column} ${kind}: ${path === '' ? '' : `${path}: `}${message} Fix: ${fix}`;
}
