import { randomBytes } from 'node:crypto';
import { InvalidWebhookKeysError, parseWebhookKeys } from '../../../../lambdas/merchant-webhook/webhook-keys.ts';
import { errorOf } from '../builders.ts';

const [one, other] = [randomBytes(32), randomBytes(48)];
const secret = (fields: object) => parseWebhookKeys(JSON.stringify(fields));

describe('the secret of the merchant’s webhook', () => {
  it('holds one key, and another while it is changed: the current one signs first', () => {
    const [current, previous] = [one.toString('base64'), `whsec_${other.toString('base64')}`];

    expect(secret({ current })).toEqual([one]);
    expect(secret({ current, previous })).toEqual([one, other]);
  });

  it('is what Secrets Manager has generated: 64 letters and digits', () => {
    expect(secret({ current: 'aB3'.repeat(21).concat('x') })).toHaveLength(1);
  });

  it.each([
    ['it is empty', ''],
    ['it is no JSON', 'secret-text'],
    ['it has no current key', '{}'],
    ['a key is too short', JSON.stringify({ current: randomBytes(23).toString('base64') })],
    ['a key is too long', JSON.stringify({ current: randomBytes(65).toString('base64') })],
    ['a key is no base64', JSON.stringify({ current: 'secret-text '.repeat(4) })],
    ['it has a key nobody knows', JSON.stringify({ current: one.toString('base64'), next: 'secret-text' })],
  ])('is refused when %s, and not shown', (_, text) => {
    const error = errorOf(() => parseWebhookKeys(text));

    expect(error).toBeInstanceOf(InvalidWebhookKeysError);
    expect(String(error)).not.toContain('secret-text');
  });
});
