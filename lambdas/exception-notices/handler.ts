import type { DynamoDBStreamEvent } from 'aws-lambda';
import pMap from 'p-map';
import { noted, type Opened } from '../shared/notices/notice-changes.ts';
import { changeNotice } from '../shared/notices/notices.ts';
import { type TellDeps, tellNotice } from '../shared/notices/tell-on-call.ts';
import { openedIn } from './opened-rows.ts';

export interface HandlerDeps extends TellDeps {
  readonly newId: () => string;
}

/** Of these fingerprints it is not written down that something came: the stream must hand the batch over again. */
export class NotNotedError extends Error {
  override readonly name = 'NotNotedError';

  constructor(fingerprints: readonly string[]) {
    super(`not noted: ${fingerprints.join(', ')}`);
  }
}

/** Fingerprints at a time: bounds sockets. */
const parallelFingerprints = 4;

/**
 * Rows that begin to wait → one notice per fingerprint and window. What came is written down first. A notice that cannot be sent then is sent
 * by the watch; only what could not be written down makes the stream hand the batch over again.
 */
export function createHandler(deps: HandlerDeps) {
  return async (event: DynamoDBStreamEvent): Promise<void> => {
    const missed: string[] = [];
    const byFingerprint = Map.groupBy(openedIn(event), ({ fingerprint }) => fingerprint);
    await pMap(
      byFingerprint,
      async ([fingerprint, opened]) => {
        if (!(await isNoted(fingerprint, opened))) missed.push(fingerprint);
      },
      { concurrency: parallelFingerprints },
    );
    if (missed.length > 0) throw new NotNotedError(missed);
  };

  /** One kind's trouble is not another's. */
  async function isNoted(fingerprint: string, [first, ...others]: readonly Opened[]): Promise<boolean> {
    if (!first) return true;
    const id = deps.newId();
    const { notices, times, now } = deps;
    try {
      const row = await changeNotice(notices, fingerprint, (stored) =>
        noted(stored, [first, ...others], id, { now: now(), times }),
      );
      if (row?.sending?.id === id) await orLeave(() => tellNotice(row, id, deps), fingerprint);
      return true;
    } catch (error) {
      deps.log.error('not noted', error, { fingerprint });
      return false;
    }
  }

  /** To the watch, which sends what nobody is sending. */
  async function orLeave(send: () => Promise<void>, fingerprint: string): Promise<void> {
    try {
      await send();
    } catch (error) {
      deps.log.error('not noticed', error, { fingerprint });
    }
  }
}
