import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Key } from './key-mapping.ts';
import type { Side } from './move.ts';

/** As DynamoDB has it, so that no number loses a digit on its way; without what the target alone has. */
export type Item = Readonly<Record<string, AttributeValue>>;

export interface ItemPage {
  readonly items: readonly { readonly key: Key; readonly item: Item }[];
  /** Undefined: there are no more. */
  readonly next: Key | undefined;
}

/** Without a number in the stream, it is what a scan found. */
export interface Fence {
  readonly epoch: number;
  readonly sequence?: string;
}

/** One item, and undefined where there is none any more. */
export interface Change {
  readonly key: Key;
  readonly item: Item | undefined;
}

/**
 * The two tables of a move. All keys are the source's. Reads MUST tell what is there now.
 *
 * `write` MUST write both the item and what the stream said about it, or nothing: of a key and epoch, changes with a higher number in the stream replace
 * those with a lower one, and what was found by a scan is written only while the stream has said nothing. Otherwise it answers false.
 */
export interface MoveTables {
  page(side: Side, after: Key | undefined, limit: number): Promise<ItemPage>;
  /** By `keyText`. */
  read(side: Side, keys: readonly Key[]): Promise<ReadonlyMap<string, Item>>;
  write(side: Side, change: Change, fence: Fence): Promise<boolean>;
}
