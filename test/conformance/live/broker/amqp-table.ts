import type { Headers, HeaderValue } from '../../../../rabbitmq/message.ts';

/** Headers or arguments for amqplib, with the type each value has for Warren: it would take the shortest integer that fits. */
export function amqpTable(headers: Headers): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, amqpField(value)]));
}

function amqpField(value: HeaderValue): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? { '!': 'long', value } : value;
  if (Array.isArray(value)) return value.map(amqpField);
  if (!isTable(value)) return value;
  if (value['!'] === 'binary') return Buffer.from(String(value['value']), 'base64');
  return '!' in value ? value : amqpTable(value);
}

/** Whether the HTTP API makes the same of it; 3.10.8 refuses null there (rule 4.2.4). */
export function isPlainJson(value: HeaderValue): boolean {
  if (value === null) return false;
  if (Array.isArray(value)) return value.every(isPlainJson);
  return !isTable(value) || (!('!' in value) && Object.values(value).every(isPlainJson));
}

function isTable(value: HeaderValue): value is Headers {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
