import { type KeyObject, sign } from 'node:crypto';

/** A certificate over a test's own key, in DER by hand: Node reads certificates, and makes none. */
export function selfSignedCertificate(publicKey: KeyObject, privateKey: KeyObject): string {
  const algorithm = sequence(oid('2a864886f70d01010b'), tlv(0x05)); // sha256WithRSAEncryption
  const name = sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from('Warren test'))))); // commonName
  const validity = sequence(tlv(0x17, Buffer.from('250101000000Z')), tlv(0x17, Buffer.from('491231235959Z')));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const toBeSigned = sequence(tlv(0x02, Buffer.from([1])), algorithm, name, validity, name, key);
  const signature = Buffer.concat([Buffer.from([0]), sign('RSA-SHA256', toBeSigned, privateKey)]);
  const der = sequence(toBeSigned, algorithm, tlv(0x03, signature));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'));
const sequence = (...parts: Buffer[]) => tlv(0x30, ...parts);

/** Tag, length, value. */
function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const long = value.length < 256 ? [0x81, value.length] : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(value.length < 128 ? [value.length] : long)]), value]);
}
