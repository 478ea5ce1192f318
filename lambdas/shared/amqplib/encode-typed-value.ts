import type { HeaderValue } from '../../../rabbitmq/message.ts';

/** Smallest and greatest of amqplib's names for integers. */
const integerRanges: ReadonlyMap<unknown, readonly [least: bigint, most: bigint]> = new Map([
  ...rangesOf(8n, ['byte', 'int8'], ['unsignedbyte', 'uint8']),
  ...rangesOf(16n, ['short', 'int16'], ['unsignedshort', 'uint16']),
  ...rangesOf(32n, ['int', 'int32'], ['unsignedint', 'uint32']),
  ...rangesOf(64n, ['long', 'int64'], ['timestamp']),
]);

function rangesOf(bits: bigint, signed: readonly string[], unsigned: readonly string[]) {
  const half = 2n ** (bits - 1n);
  return [
    ...signed.map((type) => [type, [-half, half - 1n]] as const),
    ...unsigned.map((type) => [type, [0n, 2n * half - 1n]] as const),
  ];
}

/** A value with its type, as amqplib writes it: cut to an integer where one is asked for. Throws where amqplib throws. */
export function encodeTypedValue(type: unknown, value: unknown): HeaderValue {
  if (type === 'boolean') return Boolean(value);
  if (type === 'decimal') return { '!': type, value: decimal(value) };
  if (type === 'double' || type === 'float64' || type === 'float') return { '!': type, value: finite(value) };
  const range = integerRanges.get(type);
  if (typeof type !== 'string' || !range) throw new TypeError(`Unknown type to encode: ${String(type)}`);
  return { '!': type, value: integer(type, value, range) };
}

function finite(value: unknown): number {
  const number = Number(value);
  if (!Number.isFinite(number)) throw new RangeError(`${number} is no number of AMQP`);
  return number;
}

function integer(type: string, value: unknown, [least, most]: readonly [bigint, bigint]): number {
  const exact = most > 2n ** 32n ? wide(value) : BigInt(Math.trunc(finite(value)));
  if (exact < least || exact > most) throw new RangeError(`${exact} is no ${type}`);
  const number = Number(exact);
  if (BigInt(number) !== exact) throw new RangeError(`${exact} has more digits than a JSON number keeps`);
  return number;
}

/** amqplib cuts smaller integers, and takes 64 bits as BigInt does. */
function wide(value: unknown): bigint {
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string') return BigInt(value);
  throw new TypeError(`Cannot convert ${typeof value} to a BigInt`);
}

function decimal(value: unknown): { digits: number; places: number } {
  if (typeof value === 'object' && value !== null && 'digits' in value && 'places' in value) {
    const [digits, places] = [Math.trunc(finite(value.digits)), Math.trunc(finite(value.places))];
    if (places >= 0 && places < 256 && digits >= 0 && digits < 2 ** 32) return { digits, places };
  }
  throw new TypeError("Decimal value must be {'places': 0..255, 'digits': uint32}");
}
