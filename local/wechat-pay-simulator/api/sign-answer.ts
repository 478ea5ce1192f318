import { gunzipSync, gzipSync } from 'node:zlib';
import { type SigningKey, strangerKey } from '../merchant-keys.ts';
import { signatureHeaders } from '../sign.ts';
import type { ApiAnswer } from './request.ts';
import type { Trouble } from './trouble.ts';

export interface SignedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const staleMs = 600_000;

/** The answer with WeChat Pay's signature, or with what an impostor would make of it. */
export function signAnswer(
  answer: ApiAnswer,
  trouble: Trouble,
  { key, now }: { readonly key: SigningKey; readonly now: Date },
): SignedAnswer {
  const { status, body, contentType } = answer;
  const content: Readonly<Record<string, string>> = contentType ? { 'content-type': contentType } : {};
  const sent = trouble === 'changed' ? changed(answer) : body;
  if (!answer.isSigned || trouble === 'unsigned') return { status, headers: content, body: sent };
  const signed = signatureHeaders(body, signingKey(), trouble === 'stale' ? new Date(now.getTime() - staleMs) : now);
  return { status, headers: { ...content, ...signed }, body: sent };

  function signingKey(): SigningKey {
    if (trouble === 'unknownKey') return strangerKey();
    return trouble === 'wronglySigned' ? { ...strangerKey(), serial: key.serial } : key;
  }
}

/** A bill is changed before it is compressed: that it unpacks must prove nothing. */
function changed({ body, contentType }: ApiAnswer): Buffer {
  const isZipped = contentType === 'application/x-gzip';
  const text = isZipped ? gunzipSync(body) : body;
  const other = Buffer.concat([text, Buffer.from(' ')]);
  return isZipped ? gzipSync(other) : other;
}
