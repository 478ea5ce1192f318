import type { LookupAddress } from 'node:dns';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { parseAddressRange } from '../../../../../lambdas/shared/http/forbidden-address.ts';
import {
  createGuardedLookup,
  ForbiddenAddressError,
  type Resolve,
} from '../../../../../lambdas/shared/http/guarded-lookup.ts';
import { createGuardedPost, type GuardedPostOptions } from '../../../../../lambdas/shared/http/guarded-post.ts';
import { NoAnswerError } from '../../../../../lambdas/shared/http/no-answer-error.ts';
import { selfSigned } from '../../../../support/self-signed.ts';
import { rejectionOf } from '../../builders.ts';

const loopback = [parseAddressRange('127.0.0.0/8')];
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server of this machine, what has reached it, and how it is posted to. */
async function serverThat(answers: RequestListener) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    bodies.push(Buffer.concat(chunks).toString('utf8'));
    answers(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const postTo = (host: string, options: Partial<GuardedPostOptions> = {}) =>
    createGuardedPost({
      url: `http://${host}:${port}/`,
      timeoutMs: 2_000,
      allowedRanges: loopback,
      ...options,
    });
  return { bodies, postTo };
}

const here: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
const signed = { headers: { 'webhook-id': 'event-1' }, body: '{"text":"支付"}' };

describe('a POST to an address that somebody else has chosen', () => {
  it('carries exactly the characters that were signed', async () => {
    const { bodies, postTo } = await serverThat((_, response) => response.end());

    expect(await postTo('merchant.example', { resolve: here })(signed)).toEqual({ status: 200, retryAfter: undefined });
    expect(bodies).toEqual([signed.body]);
  });

  it.each([
    ['a name that resolves to it', 'merchant.example'],
    ['it is named itself', '127.0.0.1'],
    ['it is named in another spelling', '2130706433'],
    ['it is named as one of IPv6', '[::ffff:7f00:1]'],
  ])('does not reach an address that is forbidden: %s', async (_, host) => {
    const { bodies, postTo } = await serverThat((_, response) => response.end());

    const error = await rejectionOf(postTo(host, { resolve: here, allowedRanges: [] })(signed));

    expect(error).toBeInstanceOf(ForbiddenAddressError);
    expect(bodies).toEqual([]);
  });

  it('goes to the address that was checked: a name that is another one a moment later is asked once', async () => {
    const { bodies, postTo } = await serverThat((_, response) => response.end());
    const answers: LookupAddress[][] = [[{ address: '127.0.0.1', family: 4 }], [{ address: '10.0.0.1', family: 4 }]];
    let asked = 0;
    const resolve: Resolve = async () => answers[asked++] ?? [];

    await postTo('merchant.example', { resolve })(signed);

    expect([asked, bodies.length]).toEqual([1, 1]);
  });

  it('follows no redirect', async () => {
    const { bodies, postTo } = await serverThat((_, response) => response.writeHead(307, { location: '/' }).end());

    expect(await postTo('127.0.0.1')(signed)).toMatchObject({ status: 307 });
    expect(bodies).toHaveLength(1);
  });

  it('speaks no other protocol: a server that changes to one has answered', async () => {
    const { postTo } = await serverThat((_, response) => {
      response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    });

    expect(await postTo('127.0.0.1')(signed)).toEqual({ status: 101, retryAfter: undefined });
  });

  it('reads nothing of an answer without an end', async () => {
    const { postTo } = await serverThat((_, response) => {
      response.writeHead(503, { 'retry-after': '12' });
      response.on('error', () => {});
      const send = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', send);
      send();
    });

    expect(await postTo('127.0.0.1')(signed)).toEqual({ status: 503, retryAfter: '12' });
  });

  it('says nothing to a server whose certificate nobody has signed', async () => {
    const bodies: string[] = [];
    const server = createHttpsServer(selfSigned('merchant.example'), (request, response) => {
      bodies.push(request.url ?? '');
      response.end();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const url = `https://merchant.example:${port}/`;
    const post = createGuardedPost({ url, timeoutMs: 2_000, allowedRanges: loopback, resolve: here });

    const error = await rejectionOf(post(signed));

    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error).toMatchObject({ cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    expect(bodies).toEqual([]);
  });

  it.each([
    ['that never answers', { timeoutMs: 50 }, undefined],
    ['after the deadline', {}, AbortSignal.abort()],
    ['whose name nobody knows', { resolve: () => Promise.reject(new Error('ENOTFOUND')) }, undefined],
    ['whose name has no address', { resolve: async () => [] }, undefined],
  ])('is not answered by a server %s', async (_, options, deadline) => {
    const { postTo } = await serverThat(() => {});

    const error = await rejectionOf(postTo('merchant.example', { resolve: here, ...options })({ ...signed, deadline }));

    expect(error).toBeInstanceOf(NoAnswerError);
  });
});

describe('the addresses of a name', () => {
  const lookup = (addresses: LookupAddress[], all: boolean) =>
    new Promise<unknown>((resolve) => {
      const found = createGuardedLookup(async () => addresses, []);
      found('merchant.example', { all }, (error, address, family) => resolve(error ?? [address, family]));
    });
  const well = { address: '8.8.8.8', family: 4 };

  it('are given to the socket as it asks for them', async () => {
    expect(await lookup([well], true)).toEqual([[well], undefined]);
    expect(await lookup([well], false)).toEqual(['8.8.8.8', 4]);
  });

  it.each([
    [[well, { address: '10.0.0.1', family: 4 }]],
    [[{ address: '169.254.169.254', family: 4 }, well]],
    [[well, { address: 'fd00:ec2::254', family: 6 }]],
  ])('are all refused for one that is forbidden: %j', async (addresses) => {
    for (const all of [true, false]) expect(await lookup(addresses, all)).toBeInstanceOf(ForbiddenAddressError);
  });
});
