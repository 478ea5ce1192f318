/**
 * The CPU time that verifying and decrypting one notification takes, and refusing one, beside other libraries:
 *
 *   npm run bench:wechat-pay-verify [-- --json] [-- --rounds <rounds of 200 notifications>]
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { verifyNotification } from '../lambdas/shared/wechat-pay/notification.ts';
import { newTransactionId } from '../local/wechat-pay-simulator/ids.ts';
import { createMerchantKeys, strangerKey } from '../local/wechat-pay-simulator/merchant-keys.ts';
import { paymentNotification } from '../local/wechat-pay-simulator/payment-notification.ts';
import { asForgery, type SignedNotification, signNotification } from '../local/wechat-pay-simulator/sign.ts';
import { type VerifyByPeer, wechatpayAxiosPlugin, wechatpayNodeV3 } from './peers/verify-wechat-pay.mjs';

const kinds = ['true', 'another body', 'unknown serial', '10 minutes old'] as const;
type Kind = (typeof kinds)[number];

interface Candidate {
  readonly name: string;
  readonly verify: VerifyByPeer;
  /** What it refuses by itself, without asking the network. */
  readonly kinds: readonly Kind[];
  /** CPU microseconds a notification, of each round. */
  readonly costs: Map<Kind, number[]>;
}

const { values } = parseArgs({ options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '30' } } });
const perRound = 200;
const { secret, ...keys } = createMerchantKeys();
const candidates: readonly Candidate[] = [
  candidate(
    'Warren',
    async (headers, body) => verifyNotification(Buffer.from(body), headers, secret, new Date()).resource,
  ),
  candidate('wechatpay-axios-plugin', wechatpayAxiosPlugin(secret)),
  candidate('wechatpay-node-v3', wechatpayNodeV3({ ...secret, merchantKey: keys.merchantKey }), [
    'true',
    'another body',
  ]),
];

// Signed once for all: each candidate gets the same, and five minutes are more than a run takes.
const messages = new Map(kinds.map((kind) => [kind, Array.from({ length: perRound }, () => notification(kind))]));

for (let round = -3; round < Number(values.rounds); round++) {
  // In turns, so that a busy moment of the machine hits them alike; the first rounds only warm up.
  for (const one of candidates) for (const kind of one.kinds) await measure(one, kind, round >= 0);
}
const rows = candidates.map(({ name, costs }) => ({
  library: name,
  ...Object.fromEntries(kinds.map((kind) => [kind, median(costs.get(kind) ?? [])])),
}));
if (values.json) console.log(JSON.stringify(rows, undefined, 2));
else console.table(rows.map(printable));

/** Nothing where nothing was measured. */
function printable(row: Readonly<Record<string, string | number | undefined>>): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

function candidate(name: string, verify: VerifyByPeer, does: readonly Kind[] = kinds): Candidate {
  return { name, verify, kinds: does, costs: new Map(does.map((kind) => [kind, []])) };
}

function notification(kind: Kind): SignedNotification {
  const now = new Date();
  const [appid = ''] = secret.appids;
  const payment = { mchid: secret.mchid, appid, out_trade_no: 'BENCH-0001', total: 8800, paidAt: now };
  const body = paymentNotification({ ...payment, transaction_id: newTransactionId() }, secret.apiV3Key);
  const signed = signNotification(
    body,
    kind === 'unknown serial' ? strangerKey() : keys,
    kind === '10 minutes old' ? new Date(now.getTime() - 600_000) : now,
  );
  return kind === 'another body' ? asForgery(signed) : signed;
}

async function measure({ verify, costs }: Candidate, kind: Kind, counts: boolean): Promise<void> {
  let verified = 0;
  const before = process.cpuUsage();
  for (const { headers, body } of messages.get(kind) ?? []) {
    try {
      await verify(headers, body);
      verified++;
    } catch {
      // Refused, and counted below.
    }
  }
  const { user, system } = process.cpuUsage(before);
  assert.equal(verified, kind === 'true' ? perRound : 0);
  if (counts) costs.get(kind)?.push((user + system) / perRound);
}

function median(all: readonly number[]): number | undefined {
  const middle = [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
  return middle === undefined ? undefined : Math.round(middle);
}
