import { isRelayed, observeOrder } from '../../local/demo/observe-order.ts';
import { eventually } from '../../local/eventually.ts';
import { depth } from '../../local/observe.ts';
import { createMerchantKeys } from '../../local/wechat-pay-simulator/merchant-keys.ts';
import { paymentNotification } from '../../local/wechat-pay-simulator/payment-notification.ts';
import {
  asForgery,
  asProbe,
  type SignedNotification,
  signNotification,
} from '../../local/wechat-pay-simulator/sign.ts';
import type { WechatPaySimulator } from '../../local/wechat-pay-simulator/simulator.ts';
import { allItems } from '../support/all-items.ts';
import { givenOrder, startSimulator, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const queues = ['orders.payments', 'unrouted', 'dead-letters', 'analytics.orders'];
let simulator: WechatPaySimulator;
let out_trade_no: string;
let signed: SignedNotification;

beforeAll(async () => {
  simulator = await startSimulator(deployment);
});

beforeEach(async () => {
  ({ out_trade_no } = await givenOrder(deployment));
  // What is told of the new order goes to queues that are counted here.
  await eventually(() => observeOrder(deployment, out_trade_no), isRelayed, 20_000);
  signed = simulator.sign(simulator.notificationOf({ out_trade_no, total: 8800 }));
});

/** Everything a notification could have written or sent. */
async function everythingStored() {
  const depths = queues.flatMap((queue) => [deployment.queueUrl(queue), deployment.deadLetterQueueUrl(queue)]);
  const records = await allItems(deployment.documents, deployment.outputs.IdempotencyTable);
  return {
    messages: await Promise.all(depths.map((url) => depth(deployment.sqs, url))),
    idempotencyRecords: records.length,
    order: await observeOrder(deployment, out_trade_no),
  };
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

function withHeader(name: string, value: string | undefined): SignedNotification {
  const { [name]: _, ...others } = signed.headers;
  return { body: signed.body, headers: value === undefined ? others : { ...others, [name]: value } };
}

/** Signed by the right key over a body that somebody changed before it was signed: only decryption can tell. */
function resealed(change: (resource: Record<string, string>) => Record<string, string>): SignedNotification {
  const notification = JSON.parse(signed.body);
  return simulator.sign(JSON.stringify({ ...notification, resource: change(notification.resource) }));
}

const cases: readonly (readonly [title: string, status: number, make: () => SignedNotification])[] = [
  ['a body that was changed after signing', 401, () => asForgery(signed)],
  ['a signature probe', 401, () => asProbe(signed)],
  ['a replay from 10 minutes ago', 401, () => simulator.sign(signed.body, minutesAgo(10))],
  ['a timestamp 10 minutes ahead', 401, () => simulator.sign(signed.body, minutesAgo(-10))],
  ['a timestamp that is no number', 401, () => withHeader('wechatpay-timestamp', 'now')],
  [
    'somebody else’s key under our serial',
    401,
    () => ({
      body: signed.body,
      headers: signNotification(signed.body, { ...createMerchantKeys(), serial: simulator.keys.serial }, new Date())
        .headers,
    }),
  ],
  ['an unknown serial', 401, () => withHeader('wechatpay-serial', 'PUB_KEY_ID_unknown')],
  ['a serial that every object has', 401, () => withHeader('wechatpay-serial', '__proto__')],
  ['another signature type', 401, () => withHeader('wechatpay-signature-type', 'WECHATPAY2-SM2-WITH-SM3')],
  ['no signature', 401, () => withHeader('wechatpay-signature', undefined)],
  ['no nonce', 401, () => withHeader('wechatpay-nonce', undefined)],
  [
    'a ciphertext whose last byte was changed',
    401,
    () =>
      resealed((resource) => {
        const bytes = Buffer.from(resource['ciphertext'] ?? '', 'base64');
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
        return { ...resource, ciphertext: bytes.toString('base64') };
      }),
  ],
  ['other associated data', 401, () => resealed((resource) => ({ ...resource, associated_data: 'refund' }))],
  ['another algorithm', 400, () => resealed((resource) => ({ ...resource, algorithm: 'AES_256_CBC' }))],
  [
    'a payment of another merchant',
    403,
    () => simulator.sign(simulator.notificationOf({ out_trade_no, total: 8800, mchid: '1900009999' })),
  ],
  [
    'a payment for another app',
    403,
    () => simulator.sign(simulator.notificationOf({ out_trade_no, total: 8800, appid: 'wx-another' })),
  ],
  ['a signed body that is not JSON', 400, () => simulator.sign('<xml><return_code>SUCCESS</return_code></xml>')],
  ['a signed body nested 10,000 deep', 400, () => simulator.sign('['.repeat(10_000) + ']'.repeat(10_000))],
  ['a body over 64 KiB', 413, () => simulator.sign('x'.repeat(65_537))],
  [
    'a resource sealed with another APIv3 key',
    401,
    () =>
      simulator.sign(
        paymentNotification(
          {
            mchid: '1900000001',
            appid: 'wx0000000000000001',
            out_trade_no,
            transaction_id: '42',
            total: 8800,
            paidAt: new Date(),
          },
          'another-key-of-thirty-two-bytes!',
        ),
      ),
  ],
];

describe('a notification that is not verified', () => {
  it.each(cases)('is refused and writes and sends nothing: %s', async (_, status, make) => {
    const before = await everythingStored();

    const answer = await simulator.post(make());

    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ code: 'FAIL', message: expect.any(String) });
    expect(await everythingStored()).toEqual(before);
  });
});

describe('a verified notification', () => {
  it('of a kind nobody knows is kept, as it came, in the queue for the unrouted', async () => {
    const before = await depth(deployment.sqs, deployment.queueUrl('unrouted'));
    const unknown = { ...JSON.parse(signed.body), event_type: 'TRANSACTION.UNHEARD_OF' };

    const { status } = await simulator.post(simulator.sign(JSON.stringify(unknown)));

    expect(status).toBe(204);
    expect(await depth(deployment.sqs, deployment.queueUrl('unrouted'))).toBe(before + 1);
  });
});
