/**
 * RabbitMQ's jump consistent hash (rabbit_exchange_type_consistent_hash.erl): jumps from bucket to bucket as long as random numbers
 * seeded by the key say so. Only 1/n of the keys move when an n-th bucket joins. The random numbers are Erlang's `exs1024`, so
 * the bucket is RabbitMQ's; of the key the lowest 21 bits count.
 */
export function jumpHash(key: number, buckets: number): number {
  if (buckets === 1) return 0;
  const random = exs1024(key);
  let bucket = 0;
  for (let next = 0; next < buckets; ) {
    bucket = next;
    next = Math.trunc((bucket + 1) / random());
  }
  return bucket;
}

const bits64 = 2n ** 64n - 1n;
const bits21 = 2n ** 21n - 1n;

/** Erlang's `rand` with algorithm exs1024 (xorshift1024*), seeded with the key three times: numbers in [0, 1). */
function exs1024(key: number): () => number {
  const state = seed(BigInt(key));
  let at = 0;
  return () => {
    const s0 = state[at] ?? 0n;
    at = (at + 1) % state.length;
    const s1 = state[at] ?? 0n;
    const spread = s1 ^ ((s1 << 31n) & bits64);
    const next = s0 ^ (s0 >> 30n) ^ spread ^ (spread >> 11n);
    state[at] = next;
    return Number((next * 1181783497276652981n) & bits64) / 2 ** 64;
  };
}

function seed(key: bigint): bigint[] {
  const low = (key & bits21) + 1n;
  const part = (prime: bigint): bigint => (low * prime) & bits21;
  let state = (part(2097131n) << 43n) | (part(2097133n) << 22n) | (part(2097143n) << 1n) | 1n;
  const words: bigint[] = [];
  for (let word = 0; word < 16; word++) {
    state ^= state >> 12n;
    state ^= (state << 25n) & bits64;
    state ^= state >> 27n;
    words.unshift((state * 2685821657736338717n) & bits64);
  }
  return words;
}
