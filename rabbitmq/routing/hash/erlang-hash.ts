/**
 * Erlang's portable hash, `erlang:phash2/1`, for the terms routing hashes, so that a hashing exchange puts a key into the bucket
 * RabbitMQ puts it into. It mixes three 32-bit words as Bob Jenkins's lookup2 does, seeded by a multiple of the golden ratio that
 * says what kind of term is mixed. Checked against the `erl` of RabbitMQ 4.3.6.
 */
const golden = 0x9e3779b9;
const binarySeed = Math.imul(golden, 13);
const doubleSeed = Math.imul(golden, 12);
const endOfListSeed = Math.imul(golden, 2);
const endOfList = 2;

/** Atoms have fixed hashes. */
export const hashOfAtom = { undefined: 45914356, true: 506293, false: 7111573 } as const;
export const hashOfEmptyList = 113427502;

export function hashOfText(text: string): number {
  return portable(mixBytes(Buffer.from(text), 0));
}

export function hashOfBytes(bytes: Uint8Array): number {
  return portable(mixBytes(bytes, 0));
}

/** Of a list with at least one text. */
export function hashOfTexts(texts: readonly string[]): number {
  const mixed = texts.reduce((hash, text) => mixBytes(Buffer.from(text), hash), 0);
  return portable(mix(endOfListSeed + endOfList, endOfListSeed, mixed)[2]);
}

export function hashOfDouble(value: number): number {
  const words = new DataView(new ArrayBuffer(8));
  words.setFloat64(0, value === 0 ? 0 : value);
  return portable(mix(doubleSeed + words.getInt32(0), doubleSeed + words.getInt32(4), 0)[2]);
}

/** `phash2/1` answers 27 bits. */
function portable(hash: number): number {
  return hash & (2 ** 27 - 1);
}

function mixBytes(bytes: Uint8Array, before: number): number {
  const seed = (binarySeed + before) | 0;
  if (bytes.length === 0) return seed;
  const rest = bytes.length % 12;
  let words: Words = [golden, golden, seed];
  for (let at = 0; at < bytes.length - rest; at += 12) {
    const [a, b, c] = words;
    words = mix(a + word(bytes, at, 4), b + word(bytes, at + 4, 4), c + word(bytes, at + 8, 4));
  }
  const [a, b, c] = words;
  const at = bytes.length - rest;
  // The lowest byte of the third word is the length's.
  const third = c + bytes.length + (word(bytes, at + 8, 3) << 8);
  return mix(a + word(bytes, at, 4), b + word(bytes, at + 4, 4), third)[2];
}

/** Little endian; bytes past the end are zero. */
function word(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let offset = length - 1; offset >= 0; offset--) value = (value << 8) | (bytes[at + offset] ?? 0);
  return value;
}

type Words = readonly [a: number, b: number, c: number];

const rounds = [
  [13, 8, 13],
  [12, 16, 5],
  [3, 10, 15],
] as const;

function mix(...[first, second, third]: Words): Words {
  let [a, b, c] = [first | 0, second | 0, third | 0];
  for (const [right, left, last] of rounds) {
    a = (a - b - c) ^ (c >>> right);
    b = (b - c - a) ^ (a << left);
    c = (c - a - b) ^ (b >>> last);
  }
  return [a, b, c];
}
