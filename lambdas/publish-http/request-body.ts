import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { jsonProblem } from '../shared/json-problem.ts';

/** The HTTP request has no JSON to publish. Nothing was sent. Says why, without a word of the body. */
export class UnreadableBodyError extends Error {
  override readonly name = 'UnreadableBodyError';
  readonly statusCode: 400 | 415;
  readonly code: 'INVALID_JSON' | 'UNSUPPORTED_MEDIA_TYPE';

  constructor(code: UnreadableBodyError['code'], reason: string) {
    super(`${reason}; nothing was sent`);
    this.code = code;
    this.statusCode = code === 'INVALID_JSON' ? 400 : 415;
  }
}

const jsonInUtf8 = /^application\/([\w.+-]+\+)?json\s*(;\s*charset="?utf-8"?\s*)?$/i;

/**
 * The JSON in the body of a request (payload format 2.0). API Gateway encodes what it takes for bytes as base64; an absent content type is
 * taken for JSON.
 */
export function requestBody({ headers = {}, body, isBase64Encoded }: APIGatewayProxyEventV2): unknown {
  const contentType = headers['content-type'];
  if (contentType !== undefined && !jsonInUtf8.test(contentType.trim())) {
    throw new UnreadableBodyError(
      'UNSUPPORTED_MEDIA_TYPE',
      'the body must be JSON: send content-type: application/json',
    );
  }
  const text = decoded(Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'));
  if (text === '') throw new UnreadableBodyError('INVALID_JSON', 'the body is empty');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableBodyError('INVALID_JSON', `the body ${jsonProblem(error)}`);
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableBodyError('INVALID_JSON', 'the body is not UTF-8');
  }
}
