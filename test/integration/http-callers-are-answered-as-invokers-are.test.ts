import { publishAnswerSchema } from '../../lambdas/shared/publishing/contract.ts';
import { accountHint } from '../../local/deployment.ts';
import { postThrough } from '../../local/wechat-pay-simulator/deliver.ts';
import { testAccount } from '../support/deployment-file.ts';
import { invoke } from '../support/invoke.ts';
import { testDeployment } from '../support/test-deployment.ts';

const { endpoint, lambda, outputs } = testDeployment();
const message = { exchange: 'orders', routing_key: 'note.added', payload: '{"n":1}', mandatory: true };
const headers = { 'content-type': 'application/json' };
const signed = postThrough(endpoint, outputs.PublishUrl, accountHint(testAccount));

describe('POST /publish', () => {
  it('lets nobody in who has not signed', async () => {
    const body = JSON.stringify({ messages: [message] });

    // 403 on AWS; the emulator looks for the API in the account of the signature, and says 404 without one.
    const { status } = await postThrough(endpoint, outputs.PublishUrl)({ headers, body });
    expect([403, 404]).toContain(status);
  });

  it('answers as the publish function does: what is stored, what comes back, and an error in its place', async () => {
    const request = {
      messages: [message, { ...message, exchange: 'amq.direct' }, { ...message, exchange: 'gone' }, message],
    };

    const { status, body } = await signed({ headers, body: JSON.stringify(request) });
    const { answer } = await invoke(lambda, outputs.PublishFunction, request);

    expect(status).toBe(200);
    expect(withoutIds(JSON.parse(body))).toEqual(withoutIds(answer));
    expect(publishAnswerSchema.parse(JSON.parse(body))).toMatchObject({
      ok: false,
      messages: [{ confirm: 'ack', routed: 2 }, { confirm: 'ack', routed: 0 }, {}, { confirm: 'not-published' }],
      channel_error: { reply_code: 404 },
    });
  });

  it('says what is wrong with a request, where the function fails', async () => {
    const answers = ['{"messages":[]}', '{"messages":'].map((body) => signed({ headers, body }));

    expect((await Promise.all(answers)).map(({ status, body }) => [status, JSON.parse(body).code])).toEqual([
      [400, 'INVALID_REQUEST'],
      [400, 'INVALID_JSON'],
    ]);
  });
});

/** Event ids and SQS's are of each publish. */
function withoutIds(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer, (key, value) => (/^(message_id|sqsMessageId)$/.test(key) ? undefined : value)),
  );
}
