import type { z } from 'zod';
import type { ApiCall } from './call.ts';
import { ApiRefusedError, UnreadableAnswerError } from './errors.ts';
import { type Refund, type RefundRequest, refundSchema } from './refund.ts';
import { type Transaction, transactionSchema } from './transaction.ts';

/** What we ask of WeChat Pay. Throws what an `ApiCall` throws, and an `UnreadableAnswerError`. */
export interface WechatPayApi {
  /** Whose answers these are: of another merchant's order WeChat Pay says that there is none. */
  mchid(): Promise<string>;
  /** `undefined`: WeChat Pay knows of no such order. */
  queryOrder(out_trade_no: string, deadline?: AbortSignal): Promise<Transaction | undefined>;
  /** Afterwards nobody can pay it. `refused`: it is paid, or being paid, or unknown; query it to see. */
  closeOrder(out_trade_no: string, deadline?: AbortSignal): Promise<'closed' | 'refused'>;
  /** Repeated with the same `out_refund_no` it is the same refund, and answers how that stands. */
  requestRefund(refund: RefundRequest, deadline?: AbortSignal): Promise<Refund>;
  /** `undefined`: nobody has asked for it. Of another payment than that it is an `UnreadableAnswerError`: WeChat Pay has one refund for each number. */
  queryRefund(
    refund: Pick<RefundRequest, 'transaction_id' | 'out_refund_no'>,
    deadline?: AbortSignal,
  ): Promise<Refund | undefined>;
}

/** `mchid`: of the merchant's secret, so that both are always of one merchant. */
export function createWechatPayApi(call: ApiCall, mchid: () => Promise<string>): WechatPayApi {
  const orderPath = (out_trade_no: string): string =>
    `/v3/pay/transactions/out-trade-no/${encodeURIComponent(out_trade_no)}`;
  return {
    mchid,
    async queryOrder(out_trade_no, deadline) {
      const what = 'query an order';
      const ours = await mchid();
      const target = `${orderPath(out_trade_no)}?mchid=${encodeURIComponent(ours)}`;
      const body = await unlessUnknown(call({ what, method: 'GET', target, deadline }));
      return body && ofNumber(what, read(what, transactionSchema, body), { out_trade_no, mchid: ours });
    },
    async closeOrder(out_trade_no, deadline) {
      const target = `${orderPath(out_trade_no)}/close`;
      try {
        await call({ what: 'close an order', method: 'POST', target, body: { mchid: await mchid() }, deadline });
        return 'closed';
      } catch (error) {
        if (error instanceof ApiRefusedError) return 'refused';
        throw error;
      }
    },
    async requestRefund(refund, deadline) {
      const what = 'refund a payment';
      const target = '/v3/refund/domestic/refunds';
      const body = await call({ what, method: 'POST', target, body: refund, deadline });
      const { transaction_id, out_refund_no } = refund;
      return ofNumber(what, read(what, refundSchema, body), { transaction_id, out_refund_no });
    },
    async queryRefund({ transaction_id, out_refund_no }, deadline) {
      const what = 'query a refund';
      const target = `/v3/refund/domestic/refunds/${encodeURIComponent(out_refund_no)}`;
      const body = await unlessUnknown(call({ what, method: 'GET', target, deadline }));
      return body && ofNumber(what, read(what, refundSchema, body), { transaction_id, out_refund_no });
    },
  };
}

async function unlessUnknown(asked: Promise<Buffer>): Promise<Buffer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiRefusedError && error.isNotFound) return undefined;
    throw error;
  }
}

/** A signed answer to another question is an answer that somebody has kept. */
function ofNumber<Answer extends object>(what: string, answer: Answer, asked: Record<string, string>): Answer {
  const said = new Map<string, unknown>(Object.entries(answer));
  const others = Object.entries(asked).filter(([name, value]) => said.get(name) !== value);
  if (others.length === 0) return answer;
  throw new UnreadableAnswerError(
    what,
    others.map(([name]) => `${name} (another than asked for)`),
  );
}

/** A signed answer, as its documentation says. Names the fields that are otherwise, and never their values. */
export function read<Schema extends z.ZodType>(what: string, schema: Schema, body: Buffer): z.infer<Schema> {
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  throw new UnreadableAnswerError(
    what,
    parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'it'} (${code})`),
  );
}

/** What is no JSON is no object either: the schema says so. */
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
