import { generateKeyPairSync } from 'node:crypto';
import { NotificationRefusedError } from '../../../../../lambdas/shared/wechat-pay/refusal.ts';
import { type SignatureHeaders, verifySignature } from '../../../../../lambdas/shared/wechat-pay/signature.ts';
import { errorOf, now } from '../../builders.ts';
import { selfSignedCertificate } from './self-signed-certificate.ts';
import { privateKey, publicKey, publicKeyPem, serial, signedHeaders } from './wechat-pay.ts';

const body = Buffer.from('{"id":"EV-1","summary":"支付成功"}');
const headers = signedHeaders(body);
const options = { publicKeys: { [serial]: publicKeyPem }, now, windowSeconds: 300 };
const secondsLater = (seconds: number) => ({ ...options, now: new Date(now.getTime() + seconds * 1000) });

function refusalOf(bytes: Buffer, changed: SignatureHeaders, how = options): string {
  const error = errorOf(() => verifySignature(bytes, changed, how));
  expect(error).toBeInstanceOf(NotificationRefusedError);
  expect(error).toMatchObject({ statusCode: 401 });
  return (error as NotificationRefusedError).reason;
}

describe('a signature of WeChat Pay', () => {
  it('is believed over the bytes it was made for', () => {
    expect(() => verifySignature(body, headers, options)).not.toThrow();
  });

  it('is believed over an empty body, and over bytes that are no text', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from([0xff, 0x00, 0xfe])]) {
      expect(() => verifySignature(bytes, signedHeaders(bytes), options)).not.toThrow();
    }
  });

  it('is believed without a signature type, which then is RSA', () => {
    expect(() => verifySignature(body, { ...headers, 'wechatpay-signature-type': undefined }, options)).not.toThrow();
  });

  it('is believed by public key and by platform certificate, both configured during a migration', () => {
    const certificateSerial = '5DEA10EF55877E3CF6C33255C2E7DEFFF7E427EC';
    const publicKeys = {
      ...options.publicKeys,
      [certificateSerial]: selfSignedCertificate(publicKey, privateKey),
    };
    for (const named of [serial, certificateSerial]) {
      const byName = { ...headers, 'wechatpay-serial': named };
      expect(() => verifySignature(body, byName, { ...options, publicKeys })).not.toThrow();
    }
  });

  it('is refused when any one byte of the body is another', () => {
    for (let at = 0; at < body.length; at++) {
      const changed = Buffer.from(body);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(refusalOf(changed, headers)).toBe('signature');
    }
  });

  it('is refused when line ends were changed on the way', () => {
    const lines = Buffer.from('{\n"id": 1\n}');

    expect(refusalOf(Buffer.from('{\r\n"id": 1\r\n}'), signedHeaders(lines))).toBe('signature');
    expect(refusalOf(Buffer.concat([lines, Buffer.from('\n')]), signedHeaders(lines))).toBe('signature');
    expect(refusalOf(Buffer.concat([lines, Buffer.from('\r\n')]), signedHeaders(lines))).toBe('signature');
  });

  it('is refused when invalid UTF-8 was repaired on the way', () => {
    const broken = Buffer.from([0x7b, 0xff, 0x7d]);

    expect(refusalOf(Buffer.from(broken.toString('utf8')), signedHeaders(broken))).toBe('signature');
  });

  it('is refused when another key made it', () => {
    const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 });

    expect(refusalOf(body, signedHeaders(body, { key }))).toBe('signature');
  });

  it.each<[string, SignatureHeaders]>([
    ['nonce', { 'wechatpay-nonce': 'b-nonce' }],
    ['timestamp', { 'wechatpay-timestamp': String(Number(headers['wechatpay-timestamp']) + 1) }],
    ['signature', { 'wechatpay-signature': `A${headers['wechatpay-signature'].slice(1)}` }],
    ['signature that is no base64', { 'wechatpay-signature': '!' }],
  ])('is refused with another %s than was signed', (_, changes) => {
    const differing = headers['wechatpay-signature'].startsWith('A') ? 'B' : 'A';
    const changed = { ...headers, ...changes };
    if (changed['wechatpay-signature']?.startsWith('A') && differing === 'B') {
      changed['wechatpay-signature'] = `B${headers['wechatpay-signature'].slice(1)}`;
    }

    expect(refusalOf(body, changed)).toBe('signature');
  });
});

describe('the headers of a signature', () => {
  it.each(['wechatpay-serial', 'wechatpay-signature', 'wechatpay-timestamp', 'wechatpay-nonce'] as const)(
    'are all required: %s',
    (name) => {
      expect(refusalOf(body, { ...headers, [name]: undefined })).toBe('header-missing');
      expect(refusalOf(body, { ...headers, [name]: '' })).toBe('header-missing');
    },
  );

  it.each(['WECHATPAY2-SM2-WITH-SM3', 'WECHATPAY-BRAND-SHA256-RSA2048', 'none', ''])(
    'name the one signature type that is verified, not %j',
    (type) => {
      expect(refusalOf(body, { ...headers, 'wechatpay-signature-type': type })).toBe('signature-type');
    },
  );

  it.each(['PUB_KEY_ID_unknown', serial.toLowerCase(), '__proto__', 'constructor', `${serial} `])(
    'name a key we have, exactly: not %s',
    (unknown) => {
      expect(refusalOf(body, { ...headers, 'wechatpay-serial': unknown })).toBe('unknown-serial');
    },
  );
});

describe('the replay window', () => {
  it.each([300, -300, 0])('is open %i s after the timestamp', (seconds) => {
    expect(() => verifySignature(body, headers, secondsLater(seconds))).not.toThrow();
  });

  it.each([301, -301, 300.001, -300.001, 86_400])('is closed %f s after the timestamp', (seconds) => {
    expect(refusalOf(body, headers, secondsLater(seconds))).toBe('timestamp');
  });

  it.each(['now', '1e9', '-1', '1.5', ' 1', '0x10', 'Infinity', '9'.repeat(13)])(
    'takes whole seconds only: %j',
    (text) => {
      expect(refusalOf(body, { ...headers, 'wechatpay-timestamp': text })).toBe('timestamp');
    },
  );
});

describe('a signature probe', () => {
  it('is refused like any other wrong signature, and only counted apart', () => {
    const probe = `WECHATPAY/SIGNTEST/${headers['wechatpay-signature']}`;

    expect(refusalOf(body, { ...headers, 'wechatpay-signature': probe })).toBe('signature-probe');
  });
});
