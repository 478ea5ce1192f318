import { request } from 'node:http';
import type { SignedNotification } from './sign.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export type Post = (notification: SignedNotification) => Promise<Answer>;

/** WeChat Pay's delays after a notification that was not answered with 2xx, in seconds; 24 h 4 min in all. */
export const retrySchedule = [
  15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600,
] as const;

/**
 * Sends a notification until it is answered with 2xx, as WeChat Pay does; every try is made (and signed) anew. Returns the answers in order.
 * What `sleepSeconds` makes of the delays is its affair.
 */
export async function deliver(
  post: (attempt: number) => Promise<Answer>,
  sleepSeconds: (seconds: number) => Promise<void>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const delay of [0, ...retrySchedule]) {
    if (delay > 0) await sleepSeconds(delay);
    const answer = await post(answers.length + 1);
    answers.push(answer);
    if (isAccepted(answer)) break;
  }
  return answers;
}

export function isAccepted({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/**
 * Posts to `notifyUrl` by way of the emulator's address: API Gateway tells its APIs apart by host name, and
 * `<api id>.execute-api.localhost` does not resolve everywhere.
 */
export function postThrough(
  endpoint: string,
  notifyUrl: string,
  extraHeaders: Readonly<Record<string, string>> = {},
): Post {
  const { hostname, port } = new URL(endpoint);
  const { host, pathname } = new URL(notifyUrl);
  return ({ headers, body }) =>
    new Promise((resolve, reject) => {
      const options = {
        hostname,
        port,
        path: pathname,
        method: 'POST',
        headers: { ...headers, ...extraHeaders, host },
      };
      request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
        response.on('error', reject);
      })
        .on('error', reject)
        .end(body);
    });
}

/** Posts to `notifyUrl` where it says. */
export function postTo(notifyUrl: string): Post {
  return async ({ headers, body }) => {
    const response = await fetch(notifyUrl, { method: 'POST', headers, body, redirect: 'manual' });
    return { status: response.status, body: await response.text() };
  };
}
