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
  /**
   * The client gave no `message_id`, and the one among the properties is an event id that was made for it: no exchange hashes that (rules
   * 4.10.3, 4.10.4). Absent: it is the client's own.
   */
  readonly idIsMade?: true | undefined;
}

/** A message as its client hands it over. RabbitMQ routes by the client's own properties (rule 4.10.3), so its event id stands beside them. */
export interface ClientMessage extends Omit<Message, 'properties' | 'idIsMade'> {
  readonly properties: Partial<Properties>;
  /** The `message_id` it gets when it is routed, if the client gave none or an empty one. */
  readonly eventId: string;
}

/** What a queue holds of it. */
export function withEventId({ eventId, ...message }: ClientMessage): Message {
  const { message_id } = message.properties;
  return message_id
    ? { ...message, properties: { ...message.properties, message_id } }
    : { ...message, properties: { ...message.properties, message_id: eventId }, idIsMade: true };
}

/** What a client handed over that became this message: it is checked and routed as if it were published now. */
export function asPublished({ idIsMade, ...message }: Message): ClientMessage {
  const { message_id: eventId, ...properties } = message.properties;
  return { ...message, eventId, properties: idIsMade ? properties : message.properties };
}

/** Every key the message is routed by (rule 4.1.9). */
export function allKeysOf({ routingKeys, bcc = [] }: Pick<Message, 'routingKeys' | 'bcc'>): readonly string[] {
  return [...routingKeys, ...bcc];
}
