import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly status: number;
  readonly body: Buffer;
}

/** One call of AWS's JSON protocol. */
export interface AwsCall {
  /** Such as `AmazonSQS.SendMessageBatch`. */
  readonly operation: string;
  readonly body: Buffer;
  /** Has AWS carry it out; with another body, if one is given. */
  readonly forward: (body?: Buffer) => Promise<Reply>;
}

export interface AwsProxy {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Stands between a client and the AWS at `target`; `onCall` must answer the response, or destroy it. When it throws, the connection breaks. */
export async function startAwsProxy(
  target: string,
  onCall: (call: AwsCall, response: ServerResponse) => void | Promise<void>,
): Promise<AwsProxy> {
  const server = createServer(async (incoming, response) => {
    try {
      const body = await bodyOf(incoming);
      const operation = String(incoming.headers['x-amz-target'] ?? '');
      await onCall({ operation, body, forward: (other = body) => forward(target, incoming, other) }, response);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function answer(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'content-length': body.length });
  response.end(body);
}

function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(url ?? '/', target),
      { method, headers: { ...headers, 'content-length': body.length } },
      (reply) => bodyOf(reply).then((read) => resolve({ status: reply.statusCode ?? 500, body: read }), reject),
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
