import { NoAnswerError } from './no-answer-error.ts';

export interface OneRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Of the request and of all that is read of its answer. */
  readonly timeoutMs: number;
  readonly deadline?: AbortSignal | undefined;
}

/**
 * One request with Node's own fetch: no redirect is followed, nothing is repeated. What fails in it, or in reading its answer, is a `NoAnswerError`.
 * The one place that calls anybody but AWS, besides `guarded-post.ts`, for addresses that others choose.
 */
export async function fetchOnce<Answer>(
  { method, url, headers, body, timeoutMs, deadline }: OneRequest,
  read: (response: Response) => Answer | Promise<Answer>,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      // A connection that is kept while Lambda freezes the function is often dead when it is used again: a failure that is nobody's.
      headers: { ...headers, connection: 'close' },
      body: body ?? null,
      redirect: 'manual',
      signal: deadline ? AbortSignal.any([timeout, deadline]) : timeout,
    });
    return await read(response);
  } catch (error) {
    throw new NoAnswerError(new URL(url).host, error);
  }
}

/** The whole body, or at least so many bytes of it, to a chunk. Leaving the loop ends the connection. */
export async function beginningOf({ body }: Response, enoughBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= enoughBytes) break;
  }
  return Buffer.concat(chunks);
}
