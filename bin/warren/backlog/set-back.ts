import type { Surge } from '../../../lambdas/shared/audit/audit-log.ts';
import { settled } from './settled.ts';
import type { OperatorRun } from './stage.ts';

/** What became of a surge's concurrency. `left`: somebody has changed it since, and that stands. `gone`: so is the mapping. */
export type SetBack = 'restored' | 'left' | 'gone' | 'under-way';

/**
 * Ends a surge: the concurrency is again what it was before, and the act is recorded. Safe to repeat, and after a crash at any moment: the
 * surge is in force until this has come to its end.
 */
export async function setBack(
  surge: Surge,
  { who, why }: { readonly who: string; readonly why: string },
  run: OperatorRun,
  giveUp: AbortSignal,
): Promise<SetBack> {
  const { audit, mappings } = run.stage;
  const { subject, mapping: id, before, during } = surge;
  const found = (await mappings.list()).find((mapping) => mapping.id === id);
  const now = found?.maximumConcurrency;
  if (now === during) {
    const [from, to] = [{ maximumConcurrency: during }, { maximumConcurrency: before }];
    await audit.record({ subject, act: 'end of surge', who, why, before: from, after: to });
    await mappings.change(id, { maximumConcurrency: before });
  }
  if (now === during || now === before) {
    const { isReached } = await settled([id], (mapping) => hasConcurrency(mapping, before), run, giveUp);
    if (!isReached) return 'under-way';
  }
  await audit.closeSurge(subject);
  if (found === undefined) return 'gone';
  return now === during || now === before ? 'restored' : 'left';
}

/** In force, not only asked for. */
export function hasConcurrency(
  { state, maximumConcurrency }: { readonly state: string; readonly maximumConcurrency?: number | undefined },
  wanted: number,
): boolean {
  return maximumConcurrency === wanted && (state === 'Enabled' || state === 'Disabled');
}

/** For people: what is so now. */
export function setBackText(result: SetBack, { subject, before, during }: Surge): string {
  switch (result) {
    case 'restored':
      return `${subject} has its concurrency of ${before} again`;
    case 'left':
      return `${subject} is left as it is: somebody else has changed the ${during} that the surge had set`;
    case 'gone':
      return `${subject} has another event source mapping by now, with its own concurrency: there is nothing to restore`;
    case 'under-way':
      return `${subject} is not yet back at ${before}: Lambda is at it. npx warren queues shows it`;
    default:
      return result satisfies never;
  }
}
