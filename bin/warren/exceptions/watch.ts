import pMap from 'p-map';
import type { ExceptionKey } from '../../../lambdas/shared/exceptions/exception-row.ts';
import type { ExceptionStore } from '../../../lambdas/shared/exceptions/exception-store.ts';

/** What has become of messages that were sent again. */
export interface Watch {
  readonly resolved: number;
  /** Open again. */
  readonly failed: number;
  readonly pending: number;
  add(keys: readonly ExceptionKey[]): void;
  /** Looks at so many of those that are pending, those that were sent first. Default: at all. */
  look(most?: number): Promise<void>;
}

/** Rows at a time: bounds sockets. */
const parallelRows = 16;

export function watchReplays(store: Pick<ExceptionStore, 'get'>, replayId: string): Watch {
  let pending: readonly ExceptionKey[] = [];
  let [resolved, failed] = [0, 0];
  return {
    get resolved() {
      return resolved;
    },
    get failed() {
      return failed;
    },
    get pending() {
      return pending.length;
    },
    add(keys) {
      pending = [...pending, ...keys];
    },
    async look(most = pending.length) {
      const looked = pending.slice(0, most);
      const rows = await pMap(looked, (key) => store.get(key), { concurrency: parallelRows });
      const still = looked.filter((_, at) => {
        const row = rows[at];
        // One that an operator has parked again meanwhile is no more handled than one that is on its way.
        if (row?.state === 'parked' || (row?.state === 'replaying' && row.replay_id === replayId)) return true;
        if (row?.state === 'open') failed += 1;
        else resolved += 1;
        return false;
      });
      pending = [...pending.slice(most), ...still];
    },
  };
}
