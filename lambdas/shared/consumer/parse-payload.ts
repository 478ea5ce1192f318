import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Message } from '../../../rabbitmq/message.ts';
import { PermanentError } from './errors.ts';
import { AmbiguousJsonError, parseJson } from './parse-json.ts';

/** What a consumer asked for, out of a message. Throws a `PermanentError` that names fields, never values. */
export async function parsePayload<Body>(message: Message, schema: StandardSchemaV1<unknown, Body>): Promise<Body> {
  const result = await schema['~standard'].validate(jsonOf(textOf(message)));
  if (!result.issues) return result.value;
  throw new PermanentError(`the payload does not fit its schema: ${result.issues.map(placeOf).join(', ')}`);
}

function textOf({ payload, payloadEncoding }: Message): string {
  if (payloadEncoding === 'string') return payload;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(payload, 'base64'));
  } catch {
    throw new PermanentError('the payload is not UTF-8 text');
  }
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof AmbiguousJsonError)) throw error;
    throw new PermanentError(`the payload (${Buffer.byteLength(text)} bytes) ${error.message}`, { cause: error });
  }
}

/** Where, and zod's word for what. The message of an issue is left out: libraries may quote what they were given. */
function placeOf(issue: StandardSchemaV1.Issue): string {
  const keys = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  const code = 'code' in issue && typeof issue.code === 'string' ? `: ${issue.code}` : '';
  return `${keys.join('.') || 'the payload'}${code}`;
}
