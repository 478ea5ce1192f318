import type { QueueAddress } from '../../../rabbitmq/queue-address.ts';

/** The RabbitMQ queue that an SQS queue's tags name, as `lib/constructs/queue-with-dead-letters.ts` writes them. */
export function addressOfTags(tags: Readonly<Record<string, string>>): QueueAddress | undefined {
  const { 'rabbitmq:vhost': vhost, 'rabbitmq:queue': name } = tags;
  return vhost === undefined || name === undefined ? undefined : { vhost: decode(vhost), name: decode(name) };
}

/** `=` and two hexadecimal digits are a byte of UTF-8; AWS takes no other way to write what it refuses in a tag. */
function decode(value: string): string {
  return value.replaceAll(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString());
}
