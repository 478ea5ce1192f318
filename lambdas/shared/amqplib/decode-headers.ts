import { amqpValue } from '../../../rabbitmq/amqp-value.ts';
import type { Headers, HeaderValue } from '../../../rabbitmq/message.ts';

/** Headers as amqplib hands them to whoever reads them: bytes as a Buffer, numbers of all widths as numbers, timestamps and decimals typed. */
export function decodeHeaders(headers: Headers): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, decodeValue(value)]));
}

function decodeValue(value: HeaderValue): unknown {
  const amqp = amqpValue(value);
  switch (amqp.type) {
    case 'binary':
      return Buffer.from(amqp.value, 'base64');
    case 'array':
      return amqp.value.map(decodeValue);
    case 'table':
      return decodeHeaders(amqp.value);
    case 'timestamp':
    case 'decimal':
      return value;
    default:
      return amqp.value;
  }
}
