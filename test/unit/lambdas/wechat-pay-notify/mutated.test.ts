import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createHandler } from '../../../../lambdas/wechat-pay-notify/handler.ts';
import { CountingMeter, lambdaContext, now, silentLog } from '../builders.ts';
import { FakeBroker, stored } from '../fake-broker.ts';
import { notification, secret, signedHeaders } from '../shared/wechat-pay/wechat-pay.ts';

/** What travels: headers, and the bytes of the body. */
interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const broker = new FakeBroker(stored('orders.payments'));
const handler = createHandler({
  merchantSecret: async () => secret,
  broker,
  now: () => now,
  newEventId: () => 'event-1',
  log: silentLog,
  meter: new CountingMeter(),
});

const body = Buffer.from(JSON.stringify(notification({ summary: '支付成功' })));
const valid: Sent = { headers: signedHeaders(body), body };

async function statusOf({ headers, body }: Sent): Promise<number | undefined> {
  const event = { headers, body: body.toString('base64'), isBase64Encoded: true } as unknown as APIGatewayProxyEventV2;
  return (await handler(event, lambdaContext())).statusCode;
}

/** Each character of each header that proves something: removed, doubled, and made another one. */
function* headerMutations(): Generator<Sent> {
  for (const name of ['wechatpay-serial', 'wechatpay-signature', 'wechatpay-timestamp', 'wechatpay-nonce']) {
    const value = valid.headers[name] ?? '';
    for (let at = 0; at < value.length; at++) {
      const [before, one, after] = [value.slice(0, at), value.charAt(at), value.slice(at + 1)];
      const others = [
        `${before}${after}`,
        `${before}${one}${one}${after}`,
        `${before}${one === 'A' ? 'B' : 'A'}${after}`,
      ];
      for (const other of others) {
        // "aab" without either a is the same.
        if (other !== value) yield { ...valid, headers: { ...valid.headers, [name]: other } };
      }
    }
  }
}

/** Each byte of the body: each of its bits flipped, dropped, and doubled. */
function* bodyMutations(): Generator<Sent> {
  for (let at = 0; at < body.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = Buffer.from(body);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
      yield { ...valid, body: changed };
    }
    yield { ...valid, body: Buffer.concat([body.subarray(0, at), body.subarray(at + 1)]) };
    yield { ...valid, body: Buffer.concat([body.subarray(0, at + 1), body.subarray(at)]) };
  }
}

describe('a valid notification', () => {
  beforeEach(() => {
    broker.published.length = 0;
  });

  it('is accepted', async () => {
    expect(await statusOf(valid)).toBe(204);
    expect(broker.published).toHaveLength(1);
  });

  it('is refused, and nothing is sent, whatever one character of a header or one byte of the body is changed', async () => {
    const all = [...headerMutations(), ...bodyMutations()];
    const answered = new Map<number | undefined, number>();
    for (const mutation of all) {
      const status = await statusOf(mutation);
      answered.set(status, (answered.get(status) ?? 0) + 1);
    }

    expect(all.length).toBeGreaterThan(5_000);
    expect([...answered.keys()].filter((status) => status === undefined || status < 400 || status > 499)).toEqual([]);
    expect(broker.published).toEqual([]);
  });
});
