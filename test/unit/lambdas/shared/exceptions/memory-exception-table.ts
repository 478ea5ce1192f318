import type { ExceptionRow, ExceptionState } from '../../../../../lambdas/shared/exceptions/exception-row.ts';
import { exceptionRow, listedException } from '../../../../../lambdas/shared/exceptions/exception-row.ts';
import type {
  ExceptionQuery,
  ExceptionStore,
  Operator,
  SeenException,
  UnsentState,
} from '../../../../../lambdas/shared/exceptions/exception-store.ts';
import type { Exceptions, Replayed } from '../../../../../lambdas/shared/exceptions/exceptions.ts';
import { now } from '../../builders.ts';

type Key = { readonly event_id: string; readonly source: string };

/** The exceptions table in memory, as far as operators and replays use it. */
export class MemoryExceptionTable implements ExceptionStore, Pick<Exceptions, 'resolve'> {
  readonly rows = new Map<string, ExceptionRow>();

  put(row: Partial<ExceptionRow> & Pick<ExceptionRow, 'event_id'>): ExceptionRow {
    const time = now.toISOString();
    const whole = exceptionRow({
      source: "queue 'orders' abc",
      place: "queue 'orders'",
      queue: { vhost: '/', name: 'orders' },
      state: 'open',
      reason: 'rejected',
      error_name: 'TypeError',
      error_message: 'no',
      fingerprint: 'aaaaaaaaaaaa',
      version: 1,
      created_at: time,
      last_at: time,
      ...row,
    });
    this.rows.set(idOf(whole), whole);
    return whole;
  }

  one(eventId: string): ExceptionRow {
    const row = [...this.rows.values()].find(({ event_id }) => event_id === eventId);
    if (!row) throw new Error(`no row of ${eventId}`);
    return row;
  }

  async *find(query: ExceptionQuery) {
    for (const row of [...this.rows.values()]) if (isFound(row, query)) yield listedException(row);
  }

  async get(key: Key): Promise<ExceptionRow | undefined> {
    return this.rows.get(idOf(key));
  }

  async startReplay(seen: SeenException, replayId: string, operator: Operator): Promise<boolean> {
    return this.act(seen, 'replaying', 'replay', operator, { replay_id: replayId });
  }

  async failReplay(key: Key, replayId: string, operator: Operator, to: UnsentState): Promise<boolean> {
    const row = this.rows.get(idOf(key));
    if (row?.state !== 'replaying' || row.replay_id !== replayId) return false;
    return this.act(row, to, 'replay failed', operator, { replay_id: undefined });
  }

  async discard(seen: SeenException, operator: Operator): Promise<boolean> {
    return this.act(seen, 'discarded', 'discard', operator);
  }

  async restore(row: ExceptionRow, { who, why }: Operator): Promise<boolean> {
    if (this.rows.has(idOf(row))) return false;
    const history = [...row.history, { at: now.toISOString(), who, act: 'import', why, from: row.state, to: 'parked' }];
    this.rows.set(idOf(row), { ...row, state: 'parked', version: row.version + 1, history });
    return true;
  }

  async reopen(seen: SeenException, operator: Operator): Promise<boolean> {
    return this.act(seen, 'open', 'reopen', operator);
  }

  async resolve({ eventId, row, replayId }: Replayed): Promise<void> {
    const key = idOf({ event_id: eventId, source: row });
    const found = this.rows.get(key);
    if (found?.state !== 'replaying' || found.replay_id !== replayId) return;
    this.rows.set(key, { ...found, state: 'resolved', version: found.version + 1 });
  }

  private act(
    seen: SeenException,
    to: ExceptionState,
    name: string,
    { who, why }: Operator,
    changes: Partial<ExceptionRow> = {},
  ): boolean {
    const row = this.rows.get(idOf(seen));
    if (row?.version !== seen.version || row.state !== seen.state) return false;
    const history = [...row.history, { at: now.toISOString(), who, act: name, why, from: row.state, to }];
    this.rows.set(idOf(seen), { ...row, ...changes, state: to, version: row.version + 1, history });
    return true;
  }
}

function idOf({ event_id, source }: Key): string {
  return JSON.stringify([event_id, source]);
}

function isFound(row: ExceptionRow, query: ExceptionQuery): boolean {
  const { since = '', until = '\uffff' } = query;
  if (row.last_at < since || row.last_at > until) return false;
  if ('state' in query) return row.state === query.state;
  if ('fingerprint' in query) return row.fingerprint === query.fingerprint;
  if ('businessKey' in query) return row.business_key === query.businessKey;
  return 'place' in query ? row.place === query.place : row.event_id === query.eventId;
}
