/** What a queue is known by. */
export interface QueueAddress {
  readonly vhost: string;
  readonly name: string;
}

/** `VHOST/QUEUE`, each percent-encoded as in the addresses of RabbitMQ's management: `%2F/orders` is a queue of the vhost `/`. */
export function formatQueueAddress({ vhost, name }: QueueAddress): string {
  return `${encodeURIComponent(vhost)}/${encodeURIComponent(name)}`;
}

/** The first slash parts vhost and queue; `undefined` when there is none, or when a `%` begins no code. */
export function parseQueueAddress(text: string): QueueAddress | undefined {
  const at = text.indexOf('/');
  if (at < 1 || at === text.length - 1) return undefined;
  try {
    return { vhost: decodeURIComponent(text.slice(0, at)), name: decodeURIComponent(text.slice(at + 1)) };
  } catch {
    return undefined;
  }
}

export function isSameQueue(one: QueueAddress, other: QueueAddress): boolean {
  return one.vhost === other.vhost && one.name === other.name;
}
