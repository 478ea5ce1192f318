/**
 * What reading definitions reports. `blocking` and `unknown` stop a deployment: the first cannot be honoured, the second is
 * not understood; `warning` never stops one.
 */
export interface Finding {
  readonly class: 'compatible' | 'warning' | 'blocking' | 'unknown';
  /** Stable, for machines: kebab-case. */
  readonly code: string;
  /** Where in the document: `queues[2].arguments.x-message-ttl`. */
  readonly path: string;
  /** Both start at 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly fix: string;
}

export function stopsDeployment(finding: Finding): boolean {
  return finding.class === 'blocking' || finding.class === 'unknown';
}

/** `topology/definitions.json:12:7 blocking: queues[0]… Fix: …`, one line a finding. */
export function formatFinding(file: string, { class: kind, path, line, column, message, fix }: Finding): string {
  return `${file}:${line}:${column} ${kind}: ${path === '' ? '' : `${path}: `}${message} Fix: ${fix}`;
}
