import { z } from 'zod';
import { RetryableError } from '../shared/consumer/errors.ts';
import type { HttpAnswer } from '../shared/http/http-post.ts';
import { judgeAnswer } from '../shared/http/judge-answer.ts';

/** The group did not get the message, although the status is a good one. */
export class WebhookRefusedError extends RetryableError {
  override readonly name = 'WebhookRefusedError';

  constructor(code: number) {
    super(`the webhook answers 200 and refuses: code ${code}`);
  }
}

/** `errcode` is WeCom's and DingTalk's, `code` and `StatusCode` Feishu's; 0 is success. Slack says `ok`, and what is wrong by its status. */
const answerSchema = z.object({
  errcode: z.number().default(0),
  code: z.number().default(0),
  StatusCode: z.number().default(0),
});

/** Returns when the group has the message. Throws else: each of them refuses what it cannot take with a 200 too. */
export function judgeWebhook(answer: HttpAnswer, now: Date): void {
  judgeAnswer(answer, { now, mostRetryAfterSeconds: 0 });
  const said = answerSchema.safeParse(parsed(answer.body));
  if (!said.success) return;
  const refusal = Object.values(said.data).find((code) => code !== 0);
  if (refusal !== undefined) throw new WebhookRefusedError(refusal);
}

function parsed(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
