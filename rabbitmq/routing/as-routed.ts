import { allKeysOf, type Message } from '../message.ts';
import type { RoutedMessage } from './matcher.ts';

/** What routing reads of a message that is routed again: every key (rule 4.1.9), and no id that its client did not give (rule 4.10.4). */
export function asRouted(message: Omit<Message, 'payload' | 'payloadEncoding'>): RoutedMessage {
  const { properties, idIsMade } = message;
  return {
    ...message,
    routingKeys: allKeysOf(message),
    properties: idIsMade ? { ...properties, message_id: undefined } : properties,
  };
}
