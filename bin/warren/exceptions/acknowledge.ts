import { timeOf } from '../../../lambdas/shared/notices/plain-text.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { count } from '../publish/count.ts';
import type { ExceptionsDeps, ReachedExceptions } from './options.ts';

export interface AcknowledgeOptions {
  readonly stage: string;
  readonly fingerprint: string;
  readonly reason: string;
  readonly json: boolean;
}

/** `warren exceptions acknowledge`: somebody is at it, so that it is not escalated. */
export async function acknowledgeKind(
  { stage, fingerprint, reason, json }: AcknowledgeOptions,
  io: Io,
  deps: Pick<ExceptionsDeps, 'reach'>,
): Promise<ExitStatus> {
  const reached = await deps.reach(stage);
  const isAcknowledged = await reached.acknowledge(fingerprint, { who: await reached.caller(), why: reason });
  const what = isAcknowledged
    ? `${fingerprint} is acknowledged: it is not escalated. Its next notice begins anew.`
    : `On-call waits for nobody because of ${fingerprint}: ${await whyNobody(fingerprint, reached)}.`;
  if (json) printJson(io, { ok: isAcknowledged, what });
  else io.stdout.write(`${what}\n`);
  return isAcknowledged ? 0 : 1;
}

/** Throws a `UsageError` for a fingerprint of nothing. */
async function whyNobody(
  fingerprint: string,
  { notice, store }: Pick<ReachedExceptions, 'notice' | 'store'>,
): Promise<string> {
  const row = await notice(fingerprint);
  let [rows, open] = [0, 0];
  for await (const { state } of store.find({ fingerprint })) {
    rows += 1;
    if (state === 'open') open += 1;
  }
  if (row === undefined && rows === 0)
    throw new UsageError(
      `no exception of any state has the fingerprint '${fingerprint}', and on-call was told of none: npx warren exceptions list shows those there are`,
    );
  if (open === 0) return 'nothing of it is open';
  const acts = row?.history.filter(({ act }) => act === 'acknowledge') ?? [];
  const { at, who, why } = acts.at(-1) ?? {};
  if (at === undefined) return `it was not told of its ${count(open)} open ${open === 1 ? 'row' : 'rows'} yet`;
  return `${who} has acknowledged it at ${timeOf(at)} (${why})`;
}
