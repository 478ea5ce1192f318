import { type ChannelError, invalidExpiration } from './channel-error.ts';

const tenYears = 315_360_000_000;

/**
 * What is wrong with a message's `expiration`: it is a decimal number of milliseconds, at most ten years (rule 4.7.2). Reasons are
 * worded as rabbit_basic.erl words them; like Erlang it takes a sign, so `+5` and `-0` pass.
 */
export function expirationError(expiration: string): ChannelError | undefined {
  // A short string of AMQP is all a real client can send; a pattern over millions of digits exhausts the stack.
  if (Buffer.byteLength(expiration) > 255) return invalidExpiration(expiration.slice(0, 255), 'no_integer');
  const [, digits, rest] = /^([+-]?\d+)(.*)$/s.exec(expiration) ?? [];
  if (digits === undefined) return invalidExpiration(expiration, 'no_integer');
  if (rest) return invalidExpiration(expiration, `{leftover_string,${JSON.stringify(rest)}}`);
  const milliseconds = Number(digits);
  if (milliseconds > tenYears) return invalidExpiration(expiration, `{value_too_large,${BigInt(digits)}}`);
  if (milliseconds < 0) return invalidExpiration(expiration, `{value_negative,${BigInt(digits)}}`);
  return undefined;
}
