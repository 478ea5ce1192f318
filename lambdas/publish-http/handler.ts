import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { deadlineOf } from '../shared/deadline.ts';
import { EventIdReusedError, GivenUpError, OutboxLimitError } from '../shared/outbox/errors.ts';
import { fitted } from '../shared/publishing/answer-size.ts';
import { createPublishing, InvalidPublishRequestError, type PublishingDeps } from '../shared/publishing/publishing.ts';
import { requestBody, UnreadableBodyError } from './request-body.ts';

/** After which nothing was sent or written. */
const refusals = [
  [InvalidPublishRequestError, 400, 'INVALID_REQUEST'],
  [OutboxLimitError, 400, 'OUTBOX_LIMIT'],
  [EventIdReusedError, 409, 'EVENT_ID_REUSED'],
  [GivenUpError, 409, 'EVENT_GIVEN_UP'],
] as const;

/**
 * The producer behind a route: the request of `contract.ts` as the body, its answer as the body of a 200. An answer is a 200 whatever it
 * tells: RabbitMQ's error closes a channel that may have published before it, and no HTTP status says that.
 */
export function createHandler(deps: PublishingDeps) {
  const publish = createPublishing(deps);
  return async (event: APIGatewayProxyEventV2, context: Context): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      const answer = await publish(requestBody(event), deadlineOf(context));
      return response(
        200,
        fitted(answer, (one) => Buffer.byteLength(JSON.stringify(response(200, one)))),
      );
    } catch (error) {
      if (error instanceof UnreadableBodyError) return refused(error.statusCode, error.code, error.message);
      for (const [Refusal, statusCode, code] of refusals) {
        if (error instanceof Refusal) return refused(statusCode, code, error.message);
      }
      deps.log.error('publish failed', error);
      return response(500, {
        code: 'INTERNAL_ERROR',
        message: 'it is not known what was sent: publish again with the same message_ids',
      });
    }
  };

  function refused(statusCode: number, code: string, message: string): APIGatewayProxyStructuredResultV2 {
    deps.log.warn('request refused', { code });
    return response(statusCode, { code, message });
  }
}

function response(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
