import type { AuditRow } from '../../../lambdas/shared/audit/audit-log.ts';
import { type ExitStatus, printJson } from '../io.ts';
import { formatTable } from '../table.ts';
import { nothingCalled, subjectsOf } from './find.ts';
import type { OperatorRun, Stage } from './stage.ts';

/** `warren audit [CONSUMER|QUEUE]` */
export async function audit(
  name: string | undefined,
  { json }: { readonly json: boolean },
  { stage, io }: OperatorRun,
): Promise<ExitStatus> {
  const rows = name === undefined ? await stage.audit.list() : await rowsOf(name, stage);
  if (json) printJson(io, { rows });
  else io.stdout.write(`${text(rows).join('\n')}\n`);
  return 0;
}

/** Oldest first. Throws a `UsageError` for a name that is of nothing, now or when something was done to it. */
async function rowsOf(name: string, stage: Stage): Promise<readonly AuditRow[]> {
  const subjects = await subjectsOf(name, stage);
  const gone = [name, `consumer ${name}`, `queue ${name}`];
  // What partitions and tables that move are on record under.
  const others = [`exchange ${name}`, `table ${name}`];
  const found = await Promise.all([...(subjects ?? gone), ...others].map((subject) => stage.audit.list(subject)));
  const rows = found.flat().sort((one, other) => (one.at < other.at ? -1 : 1));
  if (subjects === undefined && rows.length === 0) throw await nothingCalled(name, stage);
  return rows;
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
