import pMap from 'p-map';
import type { ExceptionKey, ExceptionRow } from '../../../lambdas/shared/exceptions/exception-row.ts';
import type { ExceptionStore } from '../../../lambdas/shared/exceptions/exception-store.ts';

/** One message that was sent again, or was to be. */
export interface Failure {
  readonly eventId: string;
  readonly why: string;
}

/** Failures to tell of: they are alike, more often than not. */
export const mostFailures = 3;

/** What has become of messages that were sent again. */
export interface Watch {
  /** The first of those that failed again, and why. */
  readonly failures: readonly Failure[];
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
  const failures: Failure[] = [];
  let [resolved, failed] = [0, 0];
  return {
    failures,
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
        if (row?.state === 'open') fail(row);
        else resolved += 1;
        return false;
      });
      pending = [...pending.slice(most), ...still];
    },
  };

  function fail({ event_id: eventId, error_name, error_message }: ExceptionRow): void {
    failed += 1;
    if (failures.length < mostFailures) failures.push({ eventId, why: `${error_name}: ${error_message}` });
  }
}
