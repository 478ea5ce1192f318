/** What a broker with the given definitions holds, in plain data: it travels to the functions as JSON. */
export interface Topology {
  readonly exchanges: readonly Exchange[];
  readonly queues: readonly Queue[];
  readonly bindings: readonly Binding[];
}

export type ExchangeType = 'direct' | 'fanout' | 'topic';

export interface Exchange {
  readonly vhost: string;
  readonly name: string;
  readonly type: ExchangeType;
  readonly internal: boolean;
  readonly alternateExchange?: string | undefined;
}

export interface Queue {
  readonly vhost: string;
  readonly name: string;
  readonly type: 'classic' | 'quorum';
  /** RabbitMQ's N: the message is delivered at most N + 1 times (rule 4.8.6). `undefined` is unlimited. */
  readonly deliveryLimit?: number | undefined;
  readonly deadLetterExchange?: string | undefined;
  readonly deadLetterRoutingKey?: string | undefined;
}

export interface Binding {
  readonly vhost: string;
  readonly source: string;
  readonly destination: string;
  readonly destinationType: 'queue' | 'exchange';
  readonly bindingKey: string;
}

/** Exchanges every vhost has without declaring them; exports leave them out (rule 4.3.6). `amq.headers` and `amq.match` route by headers. */
export const predeclaredExchanges = [
  { name: '', type: 'direct' },
  { name: 'amq.direct', type: 'direct' },
  { name: 'amq.fanout', type: 'fanout' },
  { name: 'amq.topic', type: 'topic' },
] as const;

export const defaultExchange = '';

/** Only the broker declares such exchanges: an import skips them (rule 4.3.5). */
export function isPredeclared(exchange: string): boolean {
  return exchange === defaultExchange || exchange.startsWith('amq.');
}
