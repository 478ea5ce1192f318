import { invoke } from '../support/invoke.ts';
import { startSimulator, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { lambda, outputs } = deployment;
const message = { exchange: 'orders', routing_key: 'note.added', payload: 'x' };

async function publish(event: unknown) {
  return invoke(lambda, outputs.PublishFunction, event);
}

describe('publish, asked something it cannot do', () => {
  it.each([
    ['nothing', null, /invalid input|expected object/i],
    ['no messages', { messages: [] }, /messages/],
    ['a routing key that is a number', { messages: [{ ...message, routing_key: 5 }] }, /routing_key/],
    ['a property it does not know', { messages: [{ ...message, properties: { expires: '5' } }] }, /expires/],
    ['half a character', { messages: [{ ...message, payload: 'a\ud800' }] }, /payload/],
    ['bytes that are not base64', { messages: [{ ...message, payload: '%', payload_encoding: 'base64' }] }, /payload/],
  ])('names it, and sends nothing: %s', async (_, event, named) => {
    const { answer, failed } = await publish(event);

    expect(failed).toBe(true);
    expect(answer).toMatchObject({ errorMessage: expect.stringMatching(named) });
  });

  it('answers with RabbitMQ’s channel error for an exchange that is missing or internal (rules 4.5.4, 4.5.5, 4.5.15)', async () => {
    const { answer: missing } = await publish({ messages: [message, { ...message, exchange: 'no-such' }] });
    const { answer: internal } = await publish({ messages: [{ ...message, exchange: 'unrouted' }] });

    const close = { reply_code: 404, reply_text: "NOT_FOUND - no exchange 'no-such' in vhost '/'" };
    expect(missing).toMatchObject({
      ok: false,
      events: [{ method: 'basic.ack' }, { method: 'channel.close', ...close }],
      messages: [{ confirm: 'ack' }, { confirm: 'not-published' }],
      channel_error: close,
    });
    expect(internal).toMatchObject({ ok: false, channel_error: { reply_code: 403 } });
  });

  it('nacks a message whose headers are larger than SQS takes, and stores the one beside it (rules 4.5.21, 4.5.30)', async () => {
    const headers = { note: 'x'.repeat(1_048_577) };
    const { answer } = await publish({ messages: [{ ...message, headers }, message] });

    expect(answer).toMatchObject({
      ok: true,
      events: [
        { method: 'basic.nack', delivery_tag: 1 },
        { method: 'basic.ack', delivery_tag: 2 },
      ],
      messages: [{ queues: [{ outcome: 'refused' }, { outcome: 'refused' }] }, { confirm: 'ack' }],
    });
  });
});

describe('a consumer or relay, handed something that is no batch', () => {
  it.each([
    ['orders', outputs.OrdersFunction],
    ['outbox-relay', outputs.OutboxRelayFunction],
  ])('%s fails loudly instead of answering success', async (_, functionName) => {
    const { failed } = await invoke(lambda, functionName, { hello: 'world' });

    expect(failed).toBe(true);
  });
});

describe('wechat-pay-notify, invoked with something that is no HTTP request', () => {
  // It puts the merchant's keys, without which every request is answered 500.
  beforeAll(() => startSimulator(deployment));

  it('refuses it for its missing headers', async () => {
    const { answer } = await invoke(lambda, outputs.WechatPayNotifyFunction, {});

    expect(answer).toMatchObject({ statusCode: 401, body: expect.stringContaining('wechatpay-serial') });
  });
});
