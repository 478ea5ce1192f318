/** An aggregate whose first undelivered row could not be delivered: those behind it wait. */
export interface Hold {
  readonly aggregate: string;
  /** Since then its first row has not gone any further. */
  readonly since: Date;
  /** Event ids, in the order they must be delivered in. One may be there twice, and some may be delivered. */
  readonly waiting: readonly string[];
  /** Changes whenever a row is added. */
  readonly version: number;
}

/** What the relay does with an aggregate it cannot get any further with. */
export interface HoldsForRelay {
  /** Puts rows at the end of the aggregate's hold; makes one when there is none. */
  hold(aggregate: string, eventIds: readonly string[]): Promise<void>;
  /** The same, but answers false when there is none. MUST know of every hold that was made before. */
  waitBehind(aggregate: string, eventIds: readonly string[]): Promise<boolean>;
  /** Those of the aggregates that are held. MUST know of every hold that was made before. */
  heldOf(aggregates: readonly string[]): Promise<ReadonlySet<string>>;
}

/** What the sweep does with them. */
export interface HoldsForSweep {
  /** Makes a hold, unless there is one. */
  begin(aggregate: string, eventIds: readonly string[]): Promise<void>;
  /** Every hold there is, page by page. */
  all(): AsyncIterable<readonly Hold[]>;
  /**
   * What still waits; with nothing left, the hold ends. MUST do nothing when a row was added since it was read: whoever added it goes by the hold.
   * `progressed`: rows were delivered, so its time starts anew.
   */
  settle(hold: Hold, waiting: readonly string[], progressed: boolean): Promise<void>;
}
