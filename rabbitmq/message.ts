/** A header's value, as JSON can carry it. */
export type HeaderValue =
  | string
  | number
  | boolean
  | null
  | readonly HeaderValue[]
  | { readonly [key: string]: HeaderValue };

export type Headers = { readonly [name: string]: HeaderValue };

/** The properties of AMQP's basic class, in the spelling of RabbitMQ's HTTP API. */
export type Properties = {
  readonly content_type?: string | undefined;
  readonly content_encoding?: string | undefined;
  readonly correlation_id?: string | undefined;
  readonly reply_to?: string | undefined;
  /** Our event id: never changes, whatever happens to the message. */
  readonly message_id: string;
  /** Seconds since 1970. */
  readonly timestamp?: number | undefined;
  readonly type?: string | undefined;
  /** 1 or 2; SQS stores both on several machines. */
  readonly delivery_mode?: 1 | 2 | undefined;
  readonly priority?: number | undefined;
  /** Milliseconds as text, as AMQP has it: the message's own TTL (rule 4.7.2). */
  readonly expiration?: string | undefined;
  readonly user_id?: string | undefined;
  readonly app_id?: string | undefined;
};

/** A message as a queue holds it. */
export interface Message {
  readonly vhost: string;
  readonly exchange: string;
  /** The routing key first, then CC. */
  readonly routingKeys: readonly string[];
  /** BCC: keys that route it like the others, and that nobody is shown (rules 4.5.32, 4.6.3). Absent: none. */
  readonly bcc?: readonly string[] | undefined;
  readonly properties: Properties;
  readonly headers: Headers;
  readonly payload: string;
  /** `string`: the payload is the text itself. `base64`: it stands for bytes. */
  readonly payloadEncoding: 'string' | 'base64';
  /** From then on the queue must not deliver it (rule 4.7.5); milliseconds since 1970. Absent: never. */
  readonly expiresAt?: number | undefined;
}

/** Every key the message is routed by (rule 4.1.9). */
export function allKeysOf({ routingKeys, bcc = [] }: Pick<Message, 'routingKeys' | 'bcc'>): readonly string[] {
  return [...routingKeys, ...bcc];
}
