import pMap from 'p-map';
import type { NoticeRow } from '../shared/notices/notice-row.ts';
import type { OnCallTopic } from '../shared/notices/on-call-topic.ts';
import { type EscalateDeps, tellDue } from '../shared/notices/tell-on-call.ts';
import { watchEventSchema } from './env.ts';
import { heartbeatText } from './heartbeat-text.ts';

export interface HandlerDeps extends EscalateDeps {
  readonly onCall: OnCallTopic;
  readonly escalation: OnCallTopic;
}

/** Somebody was to be told of these kinds of failure, and was not; the next run tries again. */
export class WatchIncompleteError extends Error {
  override readonly name = 'WatchIncompleteError';

  constructor(fingerprints: readonly string[]) {
    super(`nobody could be told of ${fingerprints.join(', ')}`);
  }
}

/** Kinds of failure at a time: bounds sockets. */
const parallelRows = 4;

/**
 * Once a minute: what is due of each notice. The heartbeat comes last, and only if all the rest went well and somebody listens: what is
 * missing then rings.
 */
export function createHandler(deps: HandlerDeps) {
  const { notices, onCall, escalation, stage, log, meter } = deps;

  return async (event: unknown): Promise<void> => {
    const { tellsHeartbeat } = watchEventSchema.parse(event);
    const rows: NoticeRow[] = [];
    for await (const row of notices.all()) rows.push(row);
    const missed: string[] = [];
    await pMap(
      rows,
      async (row) => {
        if (!(await isDone(row))) missed.push(row.fingerprint);
      },
      { concurrency: parallelRows },
    );
    if (missed.length > 0) throw new WatchIncompleteError(missed);
    const listeners = await Promise.all([onCall, escalation].map((topic) => topic.countListeners()));
    if (listeners.includes(0)) {
      log.warn('nobody listens', { onCall: listeners[0], escalation: listeners[1] });
      return;
    }
    if (tellsHeartbeat) await escalation.tell(heartbeatText(stage, rows.filter(isUnacknowledged).length));
    meter.count('OnCallHeartbeat');
  };

  /** One kind's trouble is not another's. */
  async function isDone(row: NoticeRow): Promise<boolean> {
    try {
      await tellDue(row, deps);
      return true;
    } catch (error) {
      log.error('not told', error, { fingerprint: row.fingerprint });
      return false;
    }
  }
}

function isUnacknowledged({ alerted_at }: NoticeRow): boolean {
  return alerted_at !== undefined;
}
