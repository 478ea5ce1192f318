import type { Message, Properties } from '../message.ts';

/** Where a message says whose order it belongs to: a header, a property, or a member of its body, which is then a JSON object. */
export type OrderKey =
  | { readonly header: string }
  | { readonly property: keyof Properties }
  | { readonly member: string };

/**
 * The value its messages are ordered by, as text; undefined when the message has none that is a text, a number or a boolean. RabbitMQ has no such
 * thing: a single active consumer orders its queue as a whole, and whoever wants more than one at a time hashes a key over several queues.
 */
export function orderKeyOf(message: Message, key: OrderKey): string | undefined {
  const value = namedBy(message, key);
  return ['string', 'number', 'boolean'].includes(typeof value) ? JSON.stringify(value) : undefined;
}

function namedBy({ headers, properties, payload, payloadEncoding }: Message, key: OrderKey): unknown {
  if ('header' in key) return headers[key.header];
  if ('property' in key) return properties[key.property];
  const text = payloadEncoding === 'string' ? payload : Buffer.from(payload, 'base64').toString('utf8');
  return memberOf(text, key.member);
}

function memberOf(text: string, member: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && Object.hasOwn(body, member)
      ? Reflect.get(body, member)
      : undefined;
  } catch {
    return undefined;
  }
}
