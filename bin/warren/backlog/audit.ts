import type { AuditRow } from '../../../lambdas/shared/audit/audit-log.ts';
import { type ExitStatus, printJson } from '../io.ts';
import { formatTable } from '../table.ts';
import type { OperatorRun } from './stage.ts';

/** `warren audit [SUBJECT]` */
export async function audit(
  subject: string | undefined,
  { json }: { readonly json: boolean },
  { stage, io }: OperatorRun,
): Promise<ExitStatus> {
  const rows = await stage.audit.list(subject);
  if (json) printJson(io, { rows });
  else io.stdout.write(`${text(rows).join('\n')}\n`);
  return 0;
}

function text(rows: readonly AuditRow[]): string[] {
  if (rows.length === 0) return ['No act is recorded.'];
  return formatTable(
    ['AT', 'SUBJECT', 'ACT', 'CHANGED', 'WHO', 'WHY'],
    rows.map(({ at, subject, act, before, after, who, why }) => [at, subject, act, changed(before, after), who, why]),
  );
}

function changed(before: AuditRow['before'], after: AuditRow['after']): string {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((name) => `${name} ${before[name] ?? '-'} → ${after[name] ?? '-'}`)
    .join(', ');
}
