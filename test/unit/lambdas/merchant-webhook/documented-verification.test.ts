import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { signWebhook } from '../../../../lambdas/merchant-webhook/sign-webhook.ts';
import { errorOf } from '../builders.ts';

type Verify = (secret: string, headers: Record<string, string>, body: string) => unknown;

const root = path.join(import.meta.dirname, '../../../..');
const page = readFileSync(path.join(root, 'docs/merchant-webhook.md'), 'utf8');
// In the project, where the packages it imports are found.
const local = path.join(root, '.local');
mkdirSync(local, { recursive: true });
const folder = mkdtempSync(path.join(local, 'merchant-webhook-page-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A block of the page, which its first line names. */
function shown(name: string): string {
  const blocks = [...page.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code);
  const source = blocks.find((code) => code.startsWith(`// ${name}\n`));
  if (source === undefined) throw new Error(`docs/merchant-webhook.md shows no ${name}`);
  return source;
}

async function verifierOf(name: string): Promise<Verify> {
  const file = path.join(folder, name.replace('.js', '.mjs'));
  writeFileSync(file, shown(name));
  return (await import(file)).verifyWebhook;
}

const body = '{"type":"order.paid","data":{"text":"支付成功"}}';
const keys = [randomBytes(32), randomBytes(48)] as const;
const secretOf = (key: Buffer) => `whsec_${key.toString('base64')}`;
const secret = secretOf(keys[0]);

function signed(changes: { secondsAgo?: number; keys?: readonly Buffer[] } = {}): Record<string, string> {
  const now = new Date(Date.now() - (changes.secondsAgo ?? 0) * 1000);
  return { ...signWebhook({ id: 'event-1', now, body }, changes.keys ?? keys.slice(0, 1)) };
}

describe.each(['verify-webhook.js', 'verify-with-library.js'])('the code of the page, %s', (name) => {
  let verify: Verify;
  beforeAll(async () => {
    verify = await verifierOf(name);
  });

  it('fits into ten lines, its blank ones and its name apart', () => {
    const lines = shown(name)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('//'));
    expect(lines.length).toBeLessThanOrEqual(10);
  });

  it('takes what we sign', () => {
    expect(verify(secret, signed(), body)).toEqual(JSON.parse(body));
    expect(verify(secret.replace('whsec_', ''), signed({ secondsAgo: 290 }), body)).toEqual(JSON.parse(body));
  });

  it('takes either of two secrets while they are changed', () => {
    const headers = signed({ keys });

    for (const key of keys) expect(verify(secretOf(key), headers, body)).toEqual(JSON.parse(body));
  });

  it.each<[string, (headers: Record<string, string>) => [Record<string, string>, string]]>([
    ['another body', (headers) => [headers, body.replace('paid', 'void')]],
    ['a body that was parsed and written anew', (headers) => [headers, JSON.stringify(JSON.parse(body), null, 1)]],
    ['another id', (headers) => [{ ...headers, 'webhook-id': 'event-2' }, body]],
    [
      'another time',
      (headers) => [{ ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) }, body],
    ],
    ['no signature', ({ 'webhook-signature': _, ...headers }) => [headers, body]],
    ['an empty signature', (headers) => [{ ...headers, 'webhook-signature': 'v1,' }, body]],
    ['no time', ({ 'webhook-timestamp': _, ...headers }) => [headers, body]],
  ])('refuses %s', (_, tamper) => {
    expect(errorOf(() => verify(secret, ...tamper(signed())))).toBeInstanceOf(Error);
  });

  it.each(['', 'whsec_'])('believes nobody when its own secret is %p, which anybody may guess', (empty) => {
    expect(errorOf(() => verify(empty, signed({ keys: [Buffer.alloc(0)] }), body))).toBeInstanceOf(Error);
  });

  it.each([
    ['is too old', 310],
    ['is from the future', -310],
  ])('refuses what %s', (_, secondsAgo) => {
    expect(errorOf(() => verify(secret, signed({ secondsAgo }), body))).toBeInstanceOf(Error);
  });

  it('refuses what another key has signed', () => {
    expect(errorOf(() => verify(secret, signed({ keys: [keys[1]] }), body))).toBeInstanceOf(Error);
  });
});

it('the code of the page without a library takes no key that is shorter than ours ever are', async () => {
  const verify = await verifierOf('verify-webhook.js');
  const [short, long] = [randomBytes(23), randomBytes(24)];

  expect(errorOf(() => verify(secretOf(short), signed({ keys: [short] }), body))).toBeInstanceOf(Error);
  expect(verify(secretOf(long), signed({ keys: [long] }), body)).toEqual(JSON.parse(body));
});
