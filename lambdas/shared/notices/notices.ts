import type { NoticeRow } from './notice-row.ts';

/** What on-call was told, a row for each fingerprint. */
export interface Notices {
  /** MUST see every row that was put before. */
  get(fingerprint: string): Promise<NoticeRow | undefined>;
  /** MUST be refused (false) when the stored row has another version than `seen`; undefined: when there is one. */
  put(row: NoticeRow, seen: number | undefined): Promise<boolean>;
  all(): AsyncIterable<NoticeRow>;
}

/** Others kept changing the row. */
export class NoticeContendedError extends Error {
  override readonly name = 'NoticeContendedError';

  constructor(fingerprint: string, attempts: number) {
    super(`the notice of ${fingerprint} was changed by others ${attempts} times in a row`);
  }
}

/** A row has as many writers as its stream has shards, and the watch. */
const mostAttempts = 20;

/** Changes one row by what it is now, whoever else changes it meanwhile. Answers what was stored; undefined: `change` wanted nothing. */
export async function changeNotice(
  notices: Pick<Notices, 'get' | 'put'>,
  fingerprint: string,
  change: (row: NoticeRow | undefined) => NoticeRow | undefined,
): Promise<NoticeRow | undefined> {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const row = await notices.get(fingerprint);
    const changed = change(row);
    if (!changed) return undefined;
    const next = { ...changed, version: (row?.version ?? 0) + 1 };
    if (await notices.put(next, row?.version)) return next;
  }
  throw new NoticeContendedError(fingerprint, mostAttempts);
}
