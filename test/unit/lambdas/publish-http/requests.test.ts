import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createHandler } from '../../../../lambdas/publish-http/handler.ts';
import type { Publisher } from '../../../../lambdas/shared/broker/broker.ts';
import type { SendOutcome } from '../../../../lambdas/shared/broker/report.ts';
import { EventIdReusedError, GivenUpError, OutboxLimitError } from '../../../../lambdas/shared/outbox/errors.ts';
import type { Outbox } from '../../../../lambdas/shared/outbox/outbox.ts';
import { mostAnswerBytes } from '../../../../lambdas/shared/publishing/answer-size.ts';
import { noOutbox } from '../../../support/no-outbox.ts';
import { bindQueue, exchange, queue, topology } from '../../rabbitmq/topology-builders.ts';
import { CountingMeter, lambdaContext, silentLog } from '../builders.ts';
import { brokerOn, FakeSender } from '../shared/broker/broker-on-fakes.ts';

const one = { exchange: 'payments', routing_key: 'payment.success', payload: 'a secret' };
const json = { 'content-type': 'application/json' };

interface Posted {
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the route answers, and how many sends that took. */
async function post(
  { headers = json, ...rest }: Posted,
  { broker, outbox = noOutbox }: { broker?: Publisher; outbox?: Outbox } = {},
) {
  const sender = new FakeSender();
  const handler = createHandler({
    broker: broker ?? brokerOn(sender),
    outbox,
    newEventId: () => 'event-1',
    log: silentLog,
    meter: new CountingMeter(),
  });
  const event = { version: '2.0', headers, isBase64Encoded: false, ...rest } as APIGatewayProxyEventV2;
  const response = await handler(event, lambdaContext());
  return { ...response, json: JSON.parse(response.body ?? ''), sends: sender.sent.length };
}

describe('a request with a contract’s JSON', () => {
  it('is answered as the publish function answers it', async () => {
    const { statusCode, headers, json, sends } = await post({ body: JSON.stringify({ messages: [one] }) });

    expect({ statusCode, headers, sends }).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      sends: 2,
    });
    expect(json).toMatchObject({
      ok: true,
      events: [{ method: 'basic.ack', delivery_tag: 1 }],
      messages: [{ message_id: 'event-1', confirm: 'ack', queues: [{ queue: 'audit' }, { queue: 'orders' }] }],
    });
  });

  it.each([
    ['without a content type', {}],
    ['with a charset', { 'content-type': 'Application/JSON; charset=UTF-8' }],
    ['of a JSON dialect', { 'content-type': 'application/vnd.acme+json' }],
  ])('may come %s', async (_, headers) => {
    expect((await post({ body: JSON.stringify({ messages: [one] }), headers })).statusCode).toBe(200);
  });

  it('may come as bytes, which API Gateway encodes', async () => {
    const body = Buffer.from(JSON.stringify({ messages: [{ ...one, payload: '支付成功' }] })).toString('base64');

    expect(await post({ body, isBase64Encoded: true })).toMatchObject({ statusCode: 200, sends: 2 });
  });

  it('is 200 for a channel error, which tells what came before it', async () => {
    const { statusCode, json } = await post({
      body: JSON.stringify({ messages: [one, { ...one, exchange: 'gone' }] }),
    });

    expect(statusCode).toBe(200);
    expect(json).toMatchObject({
      ok: false,
      messages: [{ confirm: 'ack' }, { confirm: 'not-published' }],
      channel_error: { reply_code: 404 },
    });
  });
});

describe('a request that cannot be published', () => {
  const valid = JSON.stringify({ messages: [one] });

  it.each<[string, Posted, number, string, RegExp]>([
    ['no body', {}, 400, 'INVALID_JSON', /^the body is empty; nothing was sent$/],
    ['no JSON', { body: '{"messages": a secret}' }, 400, 'INVALID_JSON', /^the body is not JSON/],
    [
      'no JSON but a place',
      { body: 'a (line 7 column 8)' },
      400,
      'INVALID_JSON',
      /^the body is not JSON; nothing was sent$/,
    ],
    ['half of its JSON', { body: valid.slice(0, -2) }, 400, 'INVALID_JSON', /line 1, column 90 on; nothing was sent$/],
    ['no UTF-8', { body: 'w/8=', isBase64Encoded: true }, 400, 'INVALID_JSON', /^the body is not UTF-8/],
    ['no messages', { body: '{"messages":[]}' }, 400, 'INVALID_REQUEST', /messages/],
    [
      'a wrong field',
      { body: JSON.stringify({ messages: [{ ...one, mandatory: 'a secret' }] }) },
      400,
      'INVALID_REQUEST',
      /expected boolean.*\s+→ at messages\[0\].mandatory/,
    ],
    [
      'a form',
      { body: valid, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      /send content-type: application\/json/,
    ],
    [
      'another charset',
      { body: valid, headers: { 'content-type': 'application/json; charset=gbk' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      /JSON/,
    ],
  ])(
    'for it has %s is refused, naming what is wrong and repeating nothing of it',
    async (_, posted, status, code, message) => {
      const { statusCode, json, body, sends } = await post(posted);

      expect({ statusCode, sends }).toEqual({ statusCode: status, sends: 0 });
      expect(json).toEqual({ code, message: expect.stringMatching(message) });
      expect(body).not.toContain('secret');
    },
  );

  it('for a fault of ours is 500, without its words', async () => {
    const broken: Publisher = {
      accept: () => {
        throw new Error('a secret');
      },
      deliver: async () => [],
    };
    const { statusCode, json, body } = await post({ body: valid }, { broker: broken });

    expect({ statusCode, json }).toMatchObject({ statusCode: 500, json: { code: 'INTERNAL_ERROR' } });
    expect(body).not.toContain('secret');
  });
});

describe('a large answer', () => {
  it('fits into what Lambda returns together with its quotes, which are escaped once more', async () => {
    const names = Array.from({ length: 60 }, (_, at) => `requests-${at}`);
    const fanout = topology({
      exchanges: [exchange('payments', 'fanout')],
      queues: names.map((name) => queue(name)),
      bindings: names.map((name) => bindQueue('payments', name)),
    });
    const inSqs: SendOutcome = { outcome: 'stored', sqsMessageId: '01234567-89ab-cdef-0123-456789abcdef' };
    const sender = new FakeSender(Object.fromEntries(names.map((name) => [`/|${name}`, Array(1000).fill(inSqs)])));
    const body = JSON.stringify({ messages: Array(1000).fill(one) });

    const { json, sends: _, ...response } = await post({ body }, { broker: brokerOn(sender, fanout) });

    expect(json).toMatchObject({ detail: 'problems' });
    expect(Buffer.byteLength(JSON.stringify(response))).toBeLessThan(mostAnswerBytes);
    const inPlainJson = names.length * 1000 * JSON.stringify({ queue: 'requests-1', ...inSqs }).length;
    expect(inPlainJson + 1000 * 200).toBeLessThan(mostAnswerBytes);
  });
});

describe('a request in outbox mode that is refused before anything is written', () => {
  it.each([
    [400, 'OUTBOX_LIMIT', new OutboxLimitError('the transaction has', 101, 100, 'actions')],
    [409, 'EVENT_ID_REUSED', new EventIdReusedError(['event-1'])],
    [409, 'EVENT_GIVEN_UP', new GivenUpError(['event-1'])],
  ])('is %i %s, in the words of whoever refused it', async (statusCode, code, error) => {
    const body = JSON.stringify({ mode: 'outbox', messages: [one] });

    const answer = await post({ body }, { outbox: { write: () => Promise.reject(error) } });

    expect(answer).toMatchObject({ statusCode, json: { code, message: error.message } });
  });
});
