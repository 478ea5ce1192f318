import type { Headers, HeaderValue } from '../../rabbitmq/message.ts';
import { UsageError } from './io.ts';

/** `name=value` of an option that may be given often; a value that is JSON is read as such. */
export function headersOf(texts: readonly string[]): Headers {
  return Object.fromEntries(
    texts.map((text) => {
      const [name, value] = nameAndValue('--header', text);
      return [name, headerValue(value)];
    }),
  );
}

/** Throws a `UsageError` when there is no name. */
export function nameAndValue(option: string, text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`${option} ${text}: write name=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function headerValue(text: string): HeaderValue {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
