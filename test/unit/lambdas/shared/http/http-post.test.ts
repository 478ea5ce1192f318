import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpPost } from '../../../../../lambdas/shared/http/http-post.ts';
import { NoAnswerError } from '../../../../../lambdas/shared/http/no-answer-error.ts';
import { eventually } from '../../../../../local/eventually.ts';
import { rejectionOf } from '../../builders.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server of this machine, and what has reached it. */
async function serverThat(answers: RequestListener) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answers(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const post = createHttpPost({ url: `http://127.0.0.1:${port}/work`, timeoutMs: 2_000 });
  return { requests, port, post };
}

const request = { headers: { 'idempotency-key': 'key-1' }, body: { n: 1, text: '支付' } };

describe('an HTTP POST', () => {
  it('carries its body as JSON, with its headers', async () => {
    let body = '';
    const { requests, post } = await serverThat(async (incoming, response) => {
      for await (const chunk of incoming) body += chunk;
      response.end();
    });

    await post(request);

    expect(requests).toMatchObject([
      {
        method: 'POST',
        url: '/work',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'key-1' },
      },
    ]);
    expect(JSON.parse(body)).toEqual(request.body);
  });

  it.each([200, 202, 204, 400, 422, 429, 500, 503])(
    'is answered with the status %i, whatever it means',
    async (status) => {
      const { post } = await serverThat((_, response) => response.writeHead(status, { 'retry-after': '12' }).end());

      expect(await post(request)).toEqual({ status, retryAfter: '12' });
    },
  );

  it('tells the beginning of what the server says, where its caller asks for it', async () => {
    const { port } = await serverThat((_, response) => response.end(JSON.stringify({ errcode: 0 })));
    const url = `http://127.0.0.1:${port}/work`;

    expect(await createHttpPost({ url, timeoutMs: 2_000, mostAnswerBytes: 100 })(request)).toMatchObject({
      status: 200,
      body: '{"errcode":0}',
    });
  });

  it('reads no more of an answer that does not end, to a chunk', async () => {
    const { port } = await serverThat((_, response) => {
      response.write('x'.repeat(1_000));
    });
    const url = `http://127.0.0.1:${port}/work`;

    const { body = '' } = await createHttpPost({ url, timeoutMs: 2_000, mostAnswerBytes: 100 })(request);

    expect(body).toMatch(/^x{100,}$/);
  });

  it.each([301, 302, 307, 308])('is not sent on to where a %i points', async (status) => {
    const { requests, post } = await serverThat((_, response) =>
      response.writeHead(status, { location: '/work' }).end(),
    );

    expect(await post(request)).toEqual({ status, retryAfter: undefined });
    expect(requests).toHaveLength(1);
  });

  it('is answered before the end of a body that never ends, which is not read', async () => {
    let isOver = false;
    const { post } = await serverThat((_, response) => {
      const block = Buffer.alloc(65_536);
      const send = () => {
        while (!response.destroyed && response.write(block));
      };
      response.on('drain', send).on('close', () => {
        isOver = true;
      });
      send();
    });

    expect(await post(request)).toMatchObject({ status: 200 });
    expect(await eventually(async () => isOver, Boolean, 5_000)).toBe(true);
  });

  it('goes over a connection of its own, because one that was kept may be dead when Lambda thaws the function', async () => {
    const { requests, post } = await serverThat((_, response) => response.end());

    await post(request);
    await post(request);

    expect(requests.map(({ headers }) => headers.connection)).toEqual(['close', 'close']);
    expect(new Set(requests.map(({ socket }) => socket)).size).toBe(2);
  });
});

describe('an HTTP POST that nobody answers', () => {
  it('ends when its own time is over', async () => {
    const { requests, port } = await serverThat(() => {});

    const error = await rejectionOf(createHttpPost({ url: `http://127.0.0.1:${port}/`, timeoutMs: 50 })(request));

    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error).toMatchObject({ message: `127.0.0.1:${port} gave no answer: TimeoutError` });
    expect(requests).toHaveLength(1);
  });

  it('ends at the deadline, if that comes first', async () => {
    const { post } = await serverThat(() => {});
    const started = Date.now();

    const error = await rejectionOf(post({ ...request, deadline: AbortSignal.timeout(50) }));

    expect(error).toBeInstanceOf(NoAnswerError);
    expect(Date.now() - started).toBeLessThan(1_500);
  });

  it('says so when the connection is lost, and is not repeated by itself', async () => {
    const { requests, post } = await serverThat((_, response) => void response.destroy());

    const error = await rejectionOf(post(request));

    expect(error).toBeInstanceOf(NoAnswerError);
    expect(requests).toHaveLength(1);
  });

  it('says why when there is no connection', async () => {
    const { port } = await serverThat(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));

    const error = await rejectionOf(createHttpPost({ url: `http://127.0.0.1:${port}/`, timeoutMs: 2_000 })(request));

    expect(error).toMatchObject({ message: `127.0.0.1:${port} gave no answer: ECONNREFUSED` });
  });
});
