import type { ExceptionKey, ExceptionRow, ExceptionState, ListedException } from './exception-row.ts';

/** Which rows: by one of these, and of those only what lies in the time. */
export type ExceptionQuery = (
  | { readonly state: ExceptionState }
  | { readonly fingerprint: string }
  | { readonly businessKey: string }
  | { readonly place: string }
  | { readonly eventId: string }
) & {
  /** ISO 8601, of the last occurrence. Default: any. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
};

/** Who does something to a row, and why. */
export interface Operator {
  readonly who: string;
  readonly why: string;
}

/** What an operator saw when deciding: another version is another decision. */
export type SeenException = ExceptionKey & Pick<ListedException, 'version' | 'state'>;

/** Where a row may be again when its message was not sent. */
export type UnsentState = Extract<ExceptionState, 'open' | 'parked' | 'discarded' | 'recorded'>;

/**
 * The table as operators use it. Each act MUST be refused (false) when the row's version is not the one that was seen, and MUST leave who, why,
 * when, and the state before and after, in its history. Answers what the version is then.
 */
export interface ExceptionStore {
  /** Newest last. May miss what was written in the last second. */
  find(query: ExceptionQuery): AsyncIterable<ListedException>;
  get(key: ExceptionKey): Promise<ExceptionRow | undefined>;
  /** To `replaying`. */
  startReplay(seen: SeenException, replayId: string, operator: Operator): Promise<boolean>;
  /** Back to where it was, if this replay is still under way: its message was not stored. */
  failReplay(key: ExceptionKey, replayId: string, operator: Operator, to: UnsentState): Promise<boolean>;
  /** Nobody will handle the message. The row goes when its time is over. */
  discard(seen: SeenException, operator: Operator): Promise<boolean>;
  /**
   * A row that was exported is there again, and waits as `parked`. False: there is one of that event, place and content, which MUST be left as it
   * is.
   */
  restore(row: ExceptionRow, operator: Operator): Promise<boolean>;
  /** Waits for a person again. */
  reopen(seen: SeenException, operator: Operator): Promise<boolean>;
}
