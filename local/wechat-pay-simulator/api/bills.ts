import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Order } from '../books/order.ts';
import type { Refund } from '../books/refund.ts';
import { billTypes, tradeBill } from '../books/trade-bill.ts';
import { RefusedError } from '../refused.ts';
import type { Settings } from '../settings.ts';
import { type ApiAnswer, type ApiRequest, jsonAnswer, queryOf, valid } from './request.ts';

const querySchema = z.object({
  bill_date: z.iso.date(),
  bill_type: z.enum(billTypes).default('ALL'),
  tar_type: z.literal('GZIP').optional(),
});

export interface BillDeps {
  readonly books: () => { readonly orders: readonly Order[]; readonly refunds: readonly Refund[] };
  readonly now: () => Date;
  readonly when: () => Settings['bills'];
  /** Of this server. */
  readonly origin: () => string;
}

export function createBills({ books, now, when, origin }: BillDeps) {
  const files = new Map<string, ApiAnswer>();

  return {
    /** Where the bill of a day is, and its hash, which is that of the text before it is compressed. */
    apply(request: ApiRequest): ApiAnswer {
      const { bill_date, bill_type, tar_type } = valid(querySchema, Object.fromEntries(queryOf(request)));
      const bill = tradeBill(books(), bill_date, bill_type);
      if (bill === undefined) throw new RefusedError('NO_STATEMENT_EXIST', '账单文件不存在');
      if (when() === 'next-day' && now() < readyAt(bill_date)) {
        throw new RefusedError('STATEMENT_CREATING', '账单生成中');
      }
      const token = randomBytes(24).toString('base64url');
      files.set(token, file(Buffer.from(bill), tar_type === 'GZIP'));
      return jsonAnswer(200, {
        hash_type: 'SHA1',
        hash_value: createHash('sha1').update(bill).digest('hex'),
        download_url: `${origin()}/v3/billdownload/file?token=${token}`,
      });
    },

    download(request: ApiRequest): ApiAnswer {
      const answer = files.get(queryOf(request).get('token') ?? '');
      if (!answer) throw new RefusedError('INVALID_REQUEST', 'token无效或已过期');
      return answer;
    },
  };
}

/** Ten in the morning of the next day, in Beijing. */
function readyAt(bill_date: string): Date {
  return new Date(Date.parse(`${bill_date}T10:00:00+08:00`) + 86_400_000);
}

function file(text: Buffer, isZipped: boolean): ApiAnswer {
  return {
    status: 200,
    body: isZipped ? gzipSync(text) : text,
    contentType: isZipped ? 'application/x-gzip' : 'text/plain; charset=utf-8',
    isSigned: false,
  };
}
