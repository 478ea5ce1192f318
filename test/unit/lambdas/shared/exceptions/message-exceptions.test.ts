import { createMessageExceptions } from '../../../../../lambdas/shared/exceptions/message-exceptions.ts';
import { message } from '../../builders.ts';
import { MemoryClaims } from '../../memory-claims.ts';
import { MemoryExceptions } from '../outbox/memory-outbox.ts';

const end = { queue: { vhost: '/', name: 'orders' }, reason: 'rejected', error: new Error('no') } as const;

async function kept(changes: Parameters<typeof message>[0], claims = new MemoryClaims()) {
  const exceptions = new MemoryExceptions();
  await createMessageExceptions({ claims, exceptions })(message(changes), end);
  const [exception] = exceptions.opened;
  return { exception, claims };
}

const large = 'x'.repeat(400 * 1024);

describe('a message that becomes an exception', () => {
  it('is whole in its row, if a row can hold it', async () => {
    const { exception, claims } = await kept({ payload: '{"n":1}', headers: { tries: 3 } });

    expect(exception).toMatchObject({ body: '{"n":1}', envelope: expect.stringContaining('"tries":3') });
    expect(exception?.envelopeKey).toBeUndefined();
    expect(claims.puts).toEqual([]);
  });

  it('has its headers in S3 if no row can hold them, and its row says where', async () => {
    const { exception, claims } = await kept({ headers: { large } });

    expect(exception?.envelope).toBeUndefined();
    const stored = claims.bodies.get(exception?.envelopeKey ?? '');
    expect(JSON.parse(Buffer.from(stored ?? []).toString())).toMatchObject({ version: 1, headers: { large } });
  });

  it('is no exception yet when S3 does not take what no row can hold', async () => {
    const broken = new MemoryClaims(new Error('S3'));

    await expect(kept({ headers: { large } }, broken)).rejects.toThrow('S3');
    await expect(kept({ payload: large }, broken)).rejects.toThrow('S3');
  });
});
