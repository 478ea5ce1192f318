import type { ListedException } from '../../../lambdas/shared/exceptions/exception-row.ts';
import { labelOf } from '../../../rabbitmq/plan/queue-label.ts';
import type { DeployedQueue, Stage } from './stage.ts';

/** Rows are found by an index that may be some seconds late: each look goes back so far, and tells no row twice. */
const overlapMs = 60_000;

/** The open exceptions of a queue, each once, and again when it is told of once more: all at the first look, then what is new. */
export function createOpenedExceptions({ address }: DeployedQueue, { exceptions }: Pick<Stage, 'exceptions'>) {
  const told = new Set<string>();
  let since = new Date(0).toISOString();
  return async (nowMs: number): Promise<readonly ListedException[]> => {
    if (address === undefined) return [];
    const found: ListedException[] = [];
    for await (const row of exceptions.find({ place: `queue ${labelOf(address)}`, since })) {
      const key = JSON.stringify([row.event_id, row.source, row.last_at]);
      if (row.state !== 'open' || told.has(key)) continue;
      told.add(key);
      found.push(row);
    }
    since = new Date(nowMs - overlapMs).toISOString();
    return found;
  };
}
