import { InvalidJsonError, positionAfter } from './invalid-json-error.ts';

/** The text of a file, which must be UTF-8, as RabbitMQ demands; a byte order mark is passed over. */
export function textOf(bytes: Uint8Array): string {
  const encoding = utf16(bytes);
  if (encoding) throw new InvalidJsonError(`it is ${encoding}; save it as UTF-8`, { line: 1, column: 1 });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidJsonError('a byte here is not UTF-8', positionAfter(validPrefix(bytes)));
  }
}

/** By its byte order mark, or by the zero byte that every ASCII character has. */
function utf16([first, second]: Uint8Array): string | undefined {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'UTF-16 (little endian)';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'UTF-16 (big endian)';
  return undefined;
}

function validPrefix(bytes: Uint8Array): string {
  let [low, high] = [0, bytes.length];
  // A prefix that ends inside a character decodes too, in streaming mode: validity falls once, where the bad byte is.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (decodes(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return new TextDecoder().decode(bytes.subarray(0, low), { stream: true });
}

function decodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
