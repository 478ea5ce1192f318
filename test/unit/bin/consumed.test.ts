import { definitionsFile, warren } from './run-warren.ts';

const wait = { 'x-message-ttl': 5000, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'rest' };
const twoVhosts = {
  vhosts: [{ name: '/' }, { name: 'shop' }, { name: '/shop/eu' }],
  queues: [
    { name: 'work', vhost: '/', arguments: wait },
    { name: 'rest', vhost: '/' },
    { name: 'work.consumed', vhost: 'shop', arguments: wait },
    { name: 'rest', vhost: 'shop' },
    { name: 'a/b', vhost: '/shop/eu', arguments: wait },
    { name: 'rest', vhost: '/shop/eu' },
  ],
};
const check = (...args: string[]) => warren(['check', definitionsFile(twoVhosts), '--json', ...args]);

async function delaysWith(...args: string[]): Promise<string[]> {
  const { queues } = (await check(...args)).json() as {
    queues: { vhost: string; name: string; delayQueue: boolean }[];
  };
  return queues.filter(({ delayQueue }) => delayQueue).map(({ vhost, name }) => `${vhost} ${name}`);
}

describe('saying that something consumes a queue', () => {
  it('is possible for queues of any vhost, of several at once', async () => {
    expect(await delaysWith()).toEqual(['/ work', 'shop work.consumed', '/shop/eu a/b']);
    expect(await delaysWith('--consumed', 'work')).toEqual(['shop work.consumed', '/shop/eu a/b']);
    expect(await delaysWith('--vhost', 'shop', '--consumed', 'work.consumed')).toEqual(['/ work', '/shop/eu a/b']);
    expect(
      await delaysWith(
        ...['--consumed', 'work', '--consumed-in', 'shop/work.consumed', '--consumed-in', '%2Fshop%2Feu/a%2Fb'],
      ),
    ).toEqual([]);
  });

  it('names what was perhaps meant, in its vhost, ready to be typed', async () => {
    const elsewhere = await check('--consumed', 'work.consumed');
    const misspelt = await check('--consumed-in', 'shop/work.consumd');
    const slashes = await check('--vhost', '/shop/eu', '--consumed-in', 'shop/a%2Fb');

    expect([elsewhere.status, misspelt.status, slashes.status]).toEqual([2, 2, 2]);
    expect(elsewhere.stderr).toContain(
      "warren: --consumed work.consumed: the file has no such queue in vhost '/': did you mean --consumed-in shop/work.consumed, ",
    );
    expect(misspelt.stderr).toContain('did you mean --consumed-in shop/work.consumed, ');
    expect(slashes.stderr).toContain("in vhost 'shop': did you mean --consumed a/b, ");
  });

  it('needs a vhost and a queue where a vhost is to be named', async () => {
    const { status, stderr } = await check('--consumed-in', 'work');

    expect(status).toBe(2);
    expect(stderr).toContain('%2F/orders is a queue of the vhost /');
  });

  it('may name a queue that is left out, and never hides that the file is no JSON', async () => {
    const file = definitionsFile({ queues: [{ name: 's', arguments: { 'x-queue-type': 'stream' } }] });

    expect((await warren(['check', file, '--consumed', 's'])).stdout).toContain('[stream]');
    expect((await warren(['check', definitionsFile('{'), '--consumed', 's'])).stdout).toContain('[invalid-json]');
  });
});
