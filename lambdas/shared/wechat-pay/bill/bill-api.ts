import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { ApiCall } from '../api/call.ts';
import { ApiRefusedError } from '../api/errors.ts';
import { read } from '../api/wechat-pay-api.ts';
import { BillNotReadyError, UntrustedBillError } from './errors.ts';

/** Bills as WeChat Pay has them. */
export interface BillApi {
  /**
   * The CSV of a day's bill; `undefined`: there is none, for nothing was paid or refunded that day. MUST answer only what WeChat Pay has vouched
   * for. `date`: 2026-11-26, of Beijing. Throws what an `ApiCall` throws, a `BillNotReadyError`, and an `UntrustedBillError`.
   */
  tradeBill(date: string, deadline?: AbortSignal): Promise<Buffer | undefined>;
}

export interface BillApiDeps {
  readonly call: ApiCall;
  /** Of the API, where the bill must lie too. */
  readonly baseUrl: string;
  /** Of a bill that is unpacked: some hundred thousand rows. What is packed grows a thousandfold in the worst case. */
  readonly mostBytes: number;
}

const placeSchema = z.object({ hash_type: z.string(), hash_value: z.string(), download_url: z.url() });
type Place = z.infer<typeof placeSchema>;

/** 申请交易账单, then 下载账单: the place of a bill and its hash are signed, and the hash vouches for the bytes. */
export function createBillApi({ call, baseUrl, mostBytes }: BillApiDeps): BillApi {
  return {
    async tradeBill(date, deadline) {
      const place = await placeOf(date, deadline);
      if (!place) return undefined;
      // Another hash is not guessed at.
      if (place.hash_type !== 'SHA1')
        throw new UntrustedBillError(date, `its hash is a ${place.hash_type}, not a SHA1`);
      const csv = unpacked(date, await download(date, place, deadline), mostBytes);
      const hash = createHash('sha1').update(csv).digest('hex');
      if (hash !== place.hash_value.toLowerCase()) throw new UntrustedBillError(date, 'its SHA1 is another');
      return csv;
    },
  };

  async function placeOf(date: string, deadline: AbortSignal | undefined): Promise<Place | undefined> {
    const what = 'tell where a bill is';
    const query = new URLSearchParams({ bill_date: date, bill_type: 'ALL', tar_type: 'GZIP' });
    try {
      const body = await call({ what, method: 'GET', target: `/v3/bill/tradebill?${query}`, deadline });
      return read(what, placeSchema, body);
    } catch (error) {
      const code = error instanceof ApiRefusedError ? error.code : undefined;
      if (code === 'NO_STATEMENT_EXIST') return undefined;
      if (code === 'STATEMENT_CREATING') throw new BillNotReadyError(date);
      throw error;
    }
  }

  function download(date: string, { download_url }: Place, deadline: AbortSignal | undefined): Promise<Buffer> {
    const { origin, pathname, search } = new URL(download_url);
    // It holds a token, and we sign what we ask there.
    if (origin !== new URL(baseUrl).origin) {
      throw new UntrustedBillError(date, `it is said to be at ${origin}, which is not the API's own address`);
    }
    return call({
      what: 'download a bill',
      method: 'GET',
      target: `${pathname}${search}`,
      isSigned: false,
      deadline,
    });
  }
}

/** As it is asked for (`tar_type=GZIP`); something in between may have unpacked it, which the hash then says. */
function unpacked(date: string, bytes: Buffer, mostBytes: number): Buffer {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    return isGzip ? gunzipSync(bytes, { maxOutputLength: mostBytes }) : bytes;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new UntrustedBillError(date, `it cannot be unpacked into ${mostBytes} bytes (${code})`);
  }
}
