import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { deadlineOf } from '../shared/deadline.ts';
import type { HttpPost } from '../shared/http/http-post.ts';
import type { Log } from '../shared/telemetry/telemetry.ts';
import type { WebhookKind } from './env.ts';
import { judgeWebhook } from './judge-webhook.ts';
import { messageText } from './message-text.ts';
import { webhookBody } from './webhook-body.ts';

export interface HandlerDeps {
  readonly kind: WebhookKind;
  /** To the URL as it is now. */
  readonly webhook: () => Promise<HttpPost>;
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * What on-call is told → its group chat, one after the other: robots take some twenty a minute. What a group did not get stays in the queue,
 * and comes again when its visibility timeout is over.
 */
export function createHandler({ kind, webhook, now, log }: HandlerDeps) {
  return async (event: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<SQSBatchResponse> => {
    const batchItemFailures = [];
    const deadline = deadlineOf(context);
    for (const record of event.Records) {
      if (!(await isSent(record, deadline))) batchItemFailures.push({ itemIdentifier: record.messageId });
    }
    return { batchItemFailures };
  };

  async function isSent({ messageId, body }: SQSRecord, deadline: AbortSignal): Promise<boolean> {
    try {
      const post = await webhook();
      judgeWebhook(await post({ body: webhookBody(kind, messageText(body)), headers: {}, deadline }), now());
      log.info('webhook told', { messageId });
      return true;
    } catch (error) {
      log.error('webhook not told', error, { messageId });
      return false;
    }
  }
}
