import type { Message } from '../../../rabbitmq/message.ts';
import { type Claim, type Claimed, claimOf, payloadOf } from './claim.ts';

/** Where bodies lie that are too large for SQS. */
export interface Claims {
  /**
   * MUST throw unless the body is stored for longer than any message can wait. Called again with the same key it MUST begin that time anew:
   * a message that is repeated, copied or dead-lettered lives on. MUST throw soon after the deadline.
   */
  keep(key: string, body: Uint8Array, deadline?: AbortSignal): Promise<void>;
  /** MUST throw a `BodyMissingError` when nothing is stored under the key; never answers less than what was stored. */
  fetch(key: string): Promise<Uint8Array>;
}

/** Puts the body of a message where its claim says, once, however often it is asked. Throws a `BodyNotKeptError`. */
export type Keep = (message: Message) => Promise<Claimed>;

/** Nothing is sent for a message whose body is not stored. */
export class BodyNotKeptError extends Error {
  override readonly name = 'BodyNotKeptError';

  constructor(bytes: number, cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`its body of ${bytes} bytes is too large for SQS and could not be stored in S3: ${reason}`, { cause });
  }
}

/** For one request: a message for a hundred queues is stored once, and hashed once. */
export function keepingOnce(claims: Pick<Claims, 'keep'>, deadline?: AbortSignal): Keep {
  // By the text itself: copies of a message share it, so that looking it up costs nothing.
  const known = { string: new Map<string, Promise<Claim>>(), base64: new Map<string, Promise<Claim>>() };

  async function keep(message: Message): Promise<Claim> {
    const { claim, body } = claimOf(message);
    try {
      await claims.keep(claim.key, body, deadline);
    } catch (error) {
      throw new BodyNotKeptError(claim.bytes, error);
    }
    return claim;
  }

  return async (message) => {
    const { payload, payloadEncoding, ...rest } = message;
    const kept = known[payloadEncoding].get(payload) ?? keep(message);
    known[payloadEncoding].set(payload, kept);
    return { ...rest, claim: await kept };
  };
}

/** How a message travels, and how much of it. */
export interface Form<Encoded> {
  readonly encode: (message: Message | Claimed) => Encoded;
  readonly bytesOf: (encoded: Encoded) => number;
  readonly mostBytes: number;
}

/** As it is if it fits, else with its body left elsewhere. What is too large even so is for the caller to refuse. */
export async function encodeToFit<Encoded>(
  message: Message,
  { encode, bytesOf, mostBytes }: Form<Encoded>,
  keep: Keep,
): Promise<Encoded> {
  // A character is at least one byte: such a payload need not be encoded to know.
  if (message.payload.length <= mostBytes) {
    const whole = encode(message);
    if (bytesOf(whole) <= mostBytes) return whole;
  }
  return encode(await keep(message));
}

/** The message with its body, wherever that lies. Throws a `BodyMissingError` or a `BodyCorruptError`: never half a message. */
export async function withBody(message: Message | Claimed, claims: Pick<Claims, 'fetch'>): Promise<Message> {
  if (!('claim' in message)) return message;
  const { claim, ...rest } = message;
  return { ...rest, ...payloadOf(claim, await claims.fetch(claim.key)) };
}
