/** A table, or one of its indexes: each has partitions of its own. */
export interface Place {
  /** What people call the table: `Orders`. */
  readonly table: string;
  /** Absent: the table itself. */
  readonly index?: string | undefined;
}

export interface HotKey {
  /** The name of each key attribute → its value; the partition key alone, or with the sort key. */
  readonly key: Readonly<Record<string, string>>;
  /** Requests that were throttled, about. */
  readonly throttled: number;
}

/** What Contributor Insights tells of a place. */
export type Insight =
  /** Nobody notes throttled keys there: it is not known whether there are any. */
  | { readonly insights: 'off' }
  /** It is being turned on or off, or could not be. */
  | { readonly insights: 'not ready'; readonly reason: string }
  /** The most throttled first. */
  | { readonly insights: 'on'; readonly keys: readonly HotKey[] };

export type Looked = Place & Insight;

export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** What is known of the tables of a stage. */
export interface Insights {
  places(): Promise<readonly Place[]>;
  look(place: Place, span: Span): Promise<Insight>;
}

/** What a run needs of the world. */
export interface HotKeysDeps {
  readonly reach: (stage: string) => Promise<Insights>;
  readonly now: () => Date;
}

export interface HotKeysOptions {
  readonly stage: string;
  /** How far back to look. */
  readonly hours: number;
  readonly json: boolean;
}
