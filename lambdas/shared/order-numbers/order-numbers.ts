import { createHash } from 'node:crypto';
import { FF1 } from '@noble/ciphers/ff1.js';
import { damm } from 'cdigit';

/** The version of the key, the sequence number under that key, and the check digit: 17 digits, where payment services take 32 characters. */
const sequenceDigits = 15;
const allDigits = 1 + sequenceDigits + 1;

/** What the sequence of order numbers is called where segments are taken. */
export const orderNumbersSequence = 'order-numbers';

/** The highest sequence number that has an order number. */
export const highestSequence = 10 ** sequenceDigits - 1;

export interface OrderNumberKeys {
  /** The version that new numbers are made with: a digit from 1 to 9. */
  readonly current: string;
  /** By version. An older one stays for as long as somebody may ask about its numbers. */
  readonly keys: Readonly<Record<string, string>>;
}

/** It is no order number of ours: mistyped, or made by somebody else. */
export class InvalidOrderNumberError extends Error {
  override readonly name = 'InvalidOrderNumberError';

  constructor(problem: string) {
    super(`this is no order number: ${problem}`);
  }
}

/** All sequence numbers are used up, after some quadrillion orders. */
export class SequenceExhaustedError extends Error {
  override readonly name = 'SequenceExhaustedError';

  constructor(sequence: number) {
    super(`${sequence} is more than ${sequenceDigits} digits: take a new version of the key, and begin at 0`);
  }
}

export interface OrderNumbers {
  /** Throws a `SequenceExhaustedError`. */
  encode(sequence: number): string;
  /** Throws an `InvalidOrderNumberError`. */
  decode(orderNumber: string): { readonly sequence: number; readonly keyVersion: string };
}

/**
 * Order numbers that tell nobody how many orders there are: the sequence number is permuted by FF1 (NIST SP 800-38G, AES), so that each has
 * exactly one number, and only who holds the key can count them. The last digit is Damm's: every mistyped digit, and every two neighbours that are
 * swapped, make it wrong.
 */
export function createOrderNumbers({ current, keys }: OrderNumberKeys): OrderNumbers {
  const permutations = new Map(
    Object.entries(keys).map(([version, key]) => [version, FF1(10, createHash('sha256').update(key).digest())]),
  );
  const permutationOf = (version: string) => {
    const found = permutations.get(version);
    if (!found) throw new InvalidOrderNumberError(`there is no key of version ${version}`);
    return found;
  };
  return {
    encode(sequence) {
      if (sequence > highestSequence) throw new SequenceExhaustedError(sequence);
      const permuted = permutationOf(current).encrypt(digitsOf(sequence));
      const number = `${current}${permuted.join('')}`;
      return `${number}${damm.compute(number)}`;
    },
    decode(orderNumber) {
      checkOrderNumber(orderNumber);
      const keyVersion = orderNumber.slice(0, 1);
      const digits = [...orderNumber.slice(1, -1)].map(Number);
      return { sequence: Number(permutationOf(keyVersion).decrypt(digits).join('')), keyVersion };
    },
  };
}

/** What can be said of an order number without its key. Throws an `InvalidOrderNumberError`. */
export function checkOrderNumber(orderNumber: string): void {
  if (!/^\d+$/.test(orderNumber)) throw new InvalidOrderNumberError('it must be digits alone');
  if (orderNumber.length !== allDigits)
    throw new InvalidOrderNumberError(`it has ${orderNumber.length} digits, and must have ${allDigits}`);
  if (!damm.validate(orderNumber)) throw new InvalidOrderNumberError('its check digit is wrong, a digit was mistyped');
}

function digitsOf(sequence: number): number[] {
  return [...String(sequence).padStart(sequenceDigits, '0')].map(Number);
}
