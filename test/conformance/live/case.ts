import type { Headers } from '../../../rabbitmq/message.ts';
import type { ExchangeType } from '../../../rabbitmq/topology.ts';

/**
 * What is declared on the broker and read by Warren, in the words of a definitions file, of one vhost. Arguments that JSON cannot say
 * are typed as `HeaderValue` is.
 */
export interface Definitions {
  readonly exchanges: readonly DefinedExchange[];
  readonly queues: readonly DefinedQueue[];
  readonly bindings: readonly DefinedBinding[];
  readonly policies?: readonly DefinedPolicy[] | undefined;
}

export interface DefinedExchange {
  readonly name: string;
  readonly type: ExchangeType;
  readonly internal: boolean;
  readonly arguments: Headers;
}

export interface DefinedQueue {
  readonly name: string;
  readonly arguments: Headers;
}

export interface DefinedPolicy {
  readonly name: string;
  readonly pattern: string;
  readonly 'apply-to': 'all' | 'exchanges' | 'queues';
  readonly priority: number;
  readonly definition: Headers;
}

export interface DefinedBinding {
  readonly source: string;
  readonly destination: string;
  readonly destination_type: 'queue' | 'exchange';
  readonly routing_key: string;
  readonly arguments: Headers;
}

/** One mandatory publish, in confirm mode. */
export interface Publish {
  readonly exchange: string;
  readonly routing_key: string;
  readonly headers: Headers;
  readonly properties: {
    readonly correlation_id?: string | undefined;
    readonly message_id?: string | undefined;
    readonly timestamp?: number | undefined;
  };
}

/** What came of it. `queues` is sorted and names a queue as often as it got a copy; an error closes the channel. */
export type Outcome =
  | { readonly queues: readonly string[]; readonly returned: boolean; readonly confirm: 'ack' | 'nack' }
  | { readonly error: number };

/** A broker, or what stands for one. */
export interface Broker {
  readonly version: string;
  readonly exchangeTypes: readonly ExchangeType[];
  /**
   * Declares the definitions where nothing else is, publishes the messages in their order, and answers what became of each. MUST
   * answer from what it did with the message alone, never from what is expected.
   */
  publishAll(definitions: Definitions, messages: readonly Publish[]): Promise<Outcome[]>;
}

/** Of several destinations such an exchange picks one by a hash or at random, and does not promise which. */
export function isChooser(type: ExchangeType): boolean {
  return type === 'x-consistent-hash' || type === 'x-modulus-hash' || type === 'x-random';
}
