/** The key of one of the items that a counter is spread over. */
export function idOfShard(counter: string, shard: number): string {
  return `${counter}#${shard}`;
}

/** Before the name of a sum, which then is no other attribute of the item. */
export const sumPrefix = 'sum_';
