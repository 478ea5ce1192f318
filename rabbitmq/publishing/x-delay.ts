import { type AmqpValue, amqpValue } from '../amqp-value.ts';
import type { Headers } from '../message.ts';
import type { Exchange } from '../topology.ts';

/**
 * How many milliseconds a delayed-message exchange keeps the message, by its `x-delay`: an integer of any type, text that is one, or a float
 * cut off to one (rule 4.11.5; rabbit_delayed_message_utils.erl). 0 for anything else, and for what is not positive: it is routed at once.
 */
export function xDelayMs({ headers }: { readonly headers: Headers }, exchange: Exchange | undefined): number {
  const header = exchange?.delayed ? headers['x-delay'] : undefined;
  const delayMs = header === undefined ? 0 : Math.trunc(numberOf(amqpValue(header)));
  return delayMs > 0 ? delayMs : 0;
}

function numberOf({ type, value }: AmqpValue): number {
  switch (type) {
    case 'longstr':
      return numberIn(value);
    case 'binary':
      return numberIn(Buffer.from(value, 'base64').toString('latin1'));
    case 'bool':
    case 'void':
    case 'array':
    case 'table':
    case 'decimal':
    case 'timestamp':
      return 0;
    default:
      return value;
  }
}

/** The plugin fails on other text, and the publisher's connection with it: nobody can have relied on that. */
function numberIn(text: string): number {
  return /^[+-]?\d+$/.test(text) ? Number(text) : 0;
}
