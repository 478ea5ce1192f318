import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ApiCall, ApiRequest } from '../../../../../../lambdas/shared/wechat-pay/api/call.ts';
import { ApiRefusedError } from '../../../../../../lambdas/shared/wechat-pay/api/errors.ts';
import { createBillApi } from '../../../../../../lambdas/shared/wechat-pay/bill/bill-api.ts';
import { BillNotReadyError, UntrustedBillError } from '../../../../../../lambdas/shared/wechat-pay/bill/errors.ts';
import { rejectionOf } from '../../../builders.ts';
import { oneRow } from './bill-text.ts';

const baseUrl = 'https://api.mch.weixin.qq.com';
const csv = Buffer.from(oneRow);
const place = {
  hash_type: 'SHA1',
  hash_value: createHash('sha1').update(csv).digest('hex'),
  download_url: `${baseUrl}/v3/billdownload/file?token=a%2Bb`,
};

/** WeChat Pay's API, as an `ApiCall` has it. */
function given(answers: { place?: object | Error; file?: Buffer; mostBytes?: number } = {}) {
  const asked: ApiRequest[] = [];
  const call: ApiCall = async (request) => {
    asked.push(request);
    if (!request.target.startsWith('/v3/bill/tradebill?')) return answers.file ?? gzipSync(csv);
    if (answers.place instanceof Error) throw answers.place;
    return Buffer.from(JSON.stringify({ ...place, ...answers.place }));
  };
  const { tradeBill } = createBillApi({ call, baseUrl, mostBytes: answers.mostBytes ?? 1_000_000 });
  return { asked, bill: () => tradeBill('2026-11-23') };
}

describe('the bill of a day', () => {
  it('is asked for packed, and downloaded from where a signed answer says', async () => {
    const { asked, bill } = given();

    expect(await bill()).toEqual(csv);
    expect(asked).toMatchObject([
      { method: 'GET', target: '/v3/bill/tradebill?bill_date=2026-11-23&bill_type=ALL&tar_type=GZIP' },
      { method: 'GET', target: '/v3/billdownload/file?token=a%2Bb', isSigned: false },
    ]);
    // Only the bytes are not signed.
    expect(asked[0]?.isSigned ?? true).toBe(true);
  });

  it('may be unpacked by something in between', async () => {
    expect(await given({ file: csv }).bill()).toEqual(csv);
  });

  it('may have its hash in capitals', async () => {
    expect(await given({ place: { hash_value: place.hash_value.toUpperCase() } }).bill()).toEqual(csv);
  });

  it.each([
    ['it is another', { file: gzipSync(Buffer.from(oneRow.replace('88.00', '88.01'))) }],
    ['it is shorter', { file: gzipSync(csv.subarray(0, -10)) }],
    ['its bytes are broken', { file: gzipSync(csv).subarray(0, -10) }],
    ['the hash is one of what is packed', { place: { hash_value: sha1(gzipSync(csv)) } }],
    ['the hash is none that we know', { place: { hash_type: 'MD5' } }],
  ])('is not believed when %s', async (_, answers) => {
    expect(await rejectionOf(given(answers).bill())).toBeInstanceOf(UntrustedBillError);
  });

  it('says which hash it has, when it is another', async () => {
    expect(String(await rejectionOf(given({ place: { hash_type: 'SM3' } }).bill()))).toContain('SM3');
  });

  it('is not unpacked without a limit', async () => {
    const file = gzipSync(Buffer.alloc(2_000_000));

    expect(await rejectionOf(given({ file, mostBytes: 1_000_000 }).bill())).toMatchObject({
      name: 'UntrustedBillError',
      message: expect.stringContaining('1000000 bytes'),
    });
  });

  it.each([
    'https://api.mch.weixin.qq.com.evil.example/v3/billdownload/file?token=a',
    'https://evil.example/v3/billdownload/file?token=a',
    'http://api.mch.weixin.qq.com/v3/billdownload/file?token=a',
    'https://api.mch.weixin.qq.com:8443/v3/billdownload/file?token=a',
  ])('is not asked for elsewhere: %s', async (download_url) => {
    const { asked, bill } = given({ place: { download_url } });

    const refused = await rejectionOf(bill());

    expect(refused).toBeInstanceOf(UntrustedBillError);
    expect(String(refused)).not.toContain('token');
    expect(asked).toHaveLength(1);
  });

  it('is none when nothing was sold', async () => {
    expect(await given({ place: new ApiRefusedError('x', 400, 'NO_STATEMENT_EXIST') }).bill()).toBeUndefined();
  });

  it('comes later when it is being written', async () => {
    const creating = given({ place: new ApiRefusedError('x', 400, 'STATEMENT_CREATING') });

    expect(await rejectionOf(creating.bill())).toBeInstanceOf(BillNotReadyError);
  });

  it('is not taken for none when WeChat Pay refuses it', async () => {
    const refused = new ApiRefusedError('x', 403, 'NO_AUTH');

    expect(await rejectionOf(given({ place: refused }).bill())).toBe(refused);
  });
});

function sha1(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex');
}
