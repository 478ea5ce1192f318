import { mostShards } from './sharded-counter.ts';

/** A counter cannot have so many shards. */
export class ShardsError extends Error {
  override readonly name = 'ShardsError';

  constructor(shards: number) {
    super(`a counter has a whole number of shards, from 1 to ${mostShards}, and not ${shards}`);
  }
}

/** DynamoDB had conflicts or throttled, each time, on one shard after the other. Nothing was added. */
export class CounterBusyError extends Error {
  override readonly name = 'CounterBusyError';
  readonly codes: readonly string[];

  constructor(codes: readonly string[], attempts: number, cause: unknown) {
    super(
      `nothing was added in ${attempts} tries, the last was refused for ${codes.join(', ')}: give the counter more shards`,
      { cause },
    );
    this.codes = codes;
  }
}
