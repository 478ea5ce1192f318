// Other libraries, put together to verify and decrypt one notification as their own documentation does. Plain JavaScript: their packages are no
// part of the project.
import { Aes, Formatter, Rsa } from 'wechatpay-axios-plugin';
import WechatPayNodeV3 from 'wechatpay-node-v3';

const Pay = WechatPayNodeV3.default ?? WechatPayNodeV3;

/** It has no call for notifications: its parts, with the clock checked as it checks that of answers. */
export function wechatpayAxiosPlugin({ publicKeys, apiV3Key }) {
  const keys = Object.fromEntries(
    Object.entries(publicKeys).map(([serial, pem]) => [serial, Rsa.from(pem, Rsa.KEY_TYPE_PUBLIC)]),
  );
  return async (headers, body) => {
    const timestamp = headers['wechatpay-timestamp'];
    if (Math.abs(Formatter.timestamp() - Number(timestamp)) > 300) throw new Error('timestamp');
    const key = keys[headers['wechatpay-serial']];
    if (!key) throw new Error('serial');
    const text = Formatter.response(timestamp, headers['wechatpay-nonce'], body);
    if (!Rsa.verify(text, headers['wechatpay-signature'], key)) throw new Error('signature');
    const { resource } = JSON.parse(body);
    const { ciphertext, nonce, associated_data } = resource;
    return JSON.parse(Aes.AesGcm.decrypt(ciphertext, apiV3Key, nonce, associated_data));
  };
}

/** Its keys are in a static field; a serial that is not there would be asked for over the network. */
export function wechatpayNodeV3({ mchid, appids, publicKeys, apiV3Key, merchantKey }) {
  Pay.certificates = { ...publicKeys };
  const [publicKey] = Object.values(publicKeys);
  const pay = new Pay({
    appid: appids[0],
    mchid,
    serial_no: merchantKey.serial,
    publicKey: Buffer.from(publicKey),
    privateKey: Buffer.from(merchantKey.privateKey),
    key: apiV3Key,
  });
  return async (headers, body) => {
    const isSigned = await pay.verifySign({
      timestamp: headers['wechatpay-timestamp'],
      nonce: headers['wechatpay-nonce'],
      serial: headers['wechatpay-serial'],
      signature: headers['wechatpay-signature'],
      body,
    });
    if (!isSigned) throw new Error('signature');
    const { ciphertext, nonce, associated_data } = JSON.parse(body).resource;
    return pay.decipher_gcm(ciphertext, associated_data, nonce, apiV3Key);
  };
}
