import type { Properties } from '../../../rabbitmq/message.ts';

/** What tells a message from another under its id: a repeat comes later, and may have another timestamp. */
export function withoutTime<Some extends Pick<Properties, 'timestamp'>>({
  timestamp: _,
  ...rest
}: Some): Omit<Some, 'timestamp'> {
  return rest;
}
