import { webhookKinds } from '../../../../lambdas/on-call-webhook/env.ts';
import { createHandler } from '../../../../lambdas/on-call-webhook/handler.ts';
import { messageText } from '../../../../lambdas/on-call-webhook/message-text.ts';
import { webhookBody } from '../../../../lambdas/on-call-webhook/webhook-body.ts';
import { InvalidWebhookUrlError, parseWebhookUrl } from '../../../../lambdas/on-call-webhook/webhook-url.ts';
import type { HttpAnswer, HttpRequest } from '../../../../lambdas/shared/http/http-post.ts';
import { sqsRecord } from '../../../support/sqs-event.ts';
import { errorOf, lambdaContext, now, silentLog } from '../builders.ts';

/** As SNS puts it into a queue. */
const notification = (Message: string, Subject?: string) =>
  JSON.stringify({ Type: 'Notification', MessageId: '1', TopicArn: 'arn', Subject, Message });

const alarm = (NewStateValue: string) =>
  JSON.stringify({
    AlarmName: 'warren-prod-stateless-Lags',
    AlarmDescription: 'Exceptions are not noticed.',
    NewStateValue,
    NewStateReason: 'Threshold Crossed',
    StateChangeTime: '2026-11-27T10:00:00.000+0000',
    Region: 'EU (Ireland)',
    AlarmArn: 'arn:aws:cloudwatch',
    Trigger: { MetricName: 'IteratorAge' },
  });

/** What became of messages that the group answers so. */
async function handled(answers: readonly (HttpAnswer | Error)[], bodies: readonly string[]) {
  const requests: HttpRequest[] = [];
  const left = [...answers];
  const handle = createHandler({
    kind: 'wecom',
    webhook: async () => async (request) => {
      requests.push(request);
      const next = left.shift() ?? { status: 200, retryAfter: undefined };
      if (next instanceof Error) throw next;
      return next;
    },
    now: () => now,
    log: silentLog,
  });
  const Records = bodies.map((body, n) => sqsRecord(body, { messageId: `m-${n}` }));
  const { batchItemFailures } = await handle({ Records }, lambdaContext());
  return { requests, failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

const said = (body: unknown): HttpAnswer => ({ status: 200, retryAfter: undefined, body: JSON.stringify(body) });

describe('the JSON of a group chat', () => {
  it('is that of its maker', () => {
    expect(webhookKinds.map((kind) => webhookBody(kind, 'hello'))).toEqual([
      { text: 'hello' },
      { msgtype: 'text', text: { content: 'hello' } },
      { msgtype: 'text', text: { content: 'hello' } },
      { msg_type: 'text', content: { text: 'hello' } },
    ]);
  });

  it('lets nobody mention the group by what a queue is called', () => {
    expect(webhookBody('slack', '<!channel> & co')).toEqual({ text: '&lt;!channel&gt; &amp; co' });
    expect(JSON.stringify(webhookBody('feishu', '<at user_id="all">'))).not.toContain('<at');
  });

  it('is as long as WeCom takes, in bytes, and cut between characters', () => {
    const { content } = Object(webhookBody('wecom', '支'.repeat(1_000))).text;

    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(2_048);
    expect(content).toMatch(/^支+…$/u);
  });
});

describe('the text', () => {
  it('of a notice is its own', () => {
    expect(messageText(notification('Warren prod: 3 messages failed', 'Warren prod: 3'))).toBe(
      'Warren prod: 3 messages failed',
    );
  });

  it('of an alarm is for people', () => {
    expect(messageText(notification(alarm('ALARM'), 'ALARM: "x"'))).toBe(
      'Warren: ALARM: warren-prod-stateless-Lags\nExceptions are not noticed.\nThreshold Crossed\nEU (Ireland), 2026-11-27T10:00:00.000+0000',
    );
    expect(messageText(notification(alarm('OK')))).toContain('Warren: over: warren-prod-stateless-Lags\nIt was: ');
  });

  it('of anything else is as it came', () => {
    expect(messageText(notification('hello', 'A subject'))).toBe('A subject\nhello');
    expect(messageText('no JSON')).toBe('no JSON');
  });
});

describe('what the group is told', () => {
  it('is posted one after the other, and done with when the group says so', async () => {
    const { requests, failed } = await handled(
      [
        said({ errcode: 0, errmsg: 'ok' }),
        said({ StatusCode: 0, code: 0 }),
        { status: 200, retryAfter: undefined, body: 'ok' },
      ],
      [notification('one'), notification('two'), notification('three')],
    );

    expect(failed).toEqual([]);
    expect(requests.map(({ body }) => body)).toMatchObject(
      ['one', 'two', 'three'].map((content) => ({ text: { content } })),
    );
  });

  it.each([
    ['WeCom refuses with a 200', said({ errcode: 45009, errmsg: 'api freq out of limit' })],
    ['Feishu refuses with a 200', said({ code: 19024, msg: 'Key Words Not Found' })],
    ['the status is none of success', { status: 404, retryAfter: undefined }],
    ['no answer comes', new Error('timed out')],
  ])('stays in the queue when %s, and the others are told', async (_, answer) => {
    const { failed, requests } = await handled([answer], [notification('one'), notification('two')]);

    expect(failed).toEqual(['m-0']);
    expect(requests).toHaveLength(2);
  });
});

describe('the secret', () => {
  it('is a URL, white space around it aside', () => {
    expect(parseWebhookUrl('https://hooks.example/T1\n')).toBe('https://hooks.example/T1');
  });

  it.each(['http://hooks.example/token', '{"url":"https://hooks.example/token"}', '', undefined])(
    'that is %j is refused, and not told',
    (secret) => {
      const error = errorOf(() => parseWebhookUrl(secret));

      expect(error).toBeInstanceOf(InvalidWebhookUrlError);
      expect(String(error)).not.toContain('token');
    },
  );
});
