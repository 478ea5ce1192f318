import type { Place } from '../../../rabbitmq/partitions/ring.ts';
import type { Assignment, Known } from './assignment.ts';

export interface ExchangeAddress {
  readonly vhost: string;
  readonly name: string;
}

/** What is known of partitioned exchanges. */
export interface PartitionStore {
  /**
   * MUST see every write that ended before it began. Where there is no assignment yet, `first` MUST become it, unless somebody else's did: all
   * who ever read see the same one.
   */
  read(exchange: ExchangeAddress, first: Assignment): Promise<Known>;
  /** The same, and changes nothing: undefined where there is no assignment yet. */
  find(exchange: ExchangeAddress): Promise<Known | undefined>;
  /** MUST write only when nobody has written since that revision was read; false otherwise. */
  write(exchange: ExchangeAddress, assignment: Assignment, revision: number): Promise<boolean>;
  /** That the marker of a step was handled in a place. MUST be there for every read that begins after it has returned. */
  noteDrained(exchange: ExchangeAddress, version: number, place: Place): Promise<void>;
  /** Drops what was noted of a step, which is drained as a whole. */
  forget(exchange: ExchangeAddress, version: number): Promise<void>;
}

/** How `Known.drained` spells a place. */
export function placeName({ queue, group }: Place): string {
  return `${group} ${queue}`;
}
