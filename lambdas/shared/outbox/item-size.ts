import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

/**
 * Bytes DynamoDB counts for an item: names and values in UTF-8, 3 for a list or map and 1 for each of its elements. Numbers, for which its
 * page only says "approximately", as the most they can take. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Readonly<Record<string, unknown>>): number {
  return attributesBytes(marshall(item, { removeUndefinedValues: true }));
}

function attributesBytes(attributes: Readonly<Record<string, AttributeValue>>): number {
  return sum(Object.entries(attributes).map(([name, value]) => Buffer.byteLength(name) + valueBytes(value)));
}

function valueBytes({ S, N, B, SS, NS, BS, L, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return numberBytes(N);
  if (B !== undefined) return B.byteLength;
  if (SS !== undefined) return sum(SS.map((one) => Buffer.byteLength(one)));
  if (NS !== undefined) return sum(NS.map(numberBytes));
  if (BS !== undefined) return sum(BS.map((one) => one.byteLength));
  if (L !== undefined) return 3 + L.length + sum(L.map(valueBytes));
  if (M !== undefined) return 3 + Object.keys(M).length + attributesBytes(M);
  // BOOL and NULL.
  return 1;
}

/** Two significant digits a byte, in pairs from the decimal point, and one each for the exponent and a minus sign. */
function numberBytes(text: string): number {
  const digits = text
    .replace(/e.*$/i, '')
    .replaceAll(/[^0-9]/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '');
  return Math.floor(digits.length / 2) + 2 + (text.startsWith('-') ? 1 : 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
