import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** Of every HTTP request that this process makes from now on, with its whole body, before its end is sent. */
export function onRequest(listener: (request: ClientRequest, body: string) => void): void {
  subscribe('http.client.request.created', (message) => {
    const { request } = message as { request: ClientRequest };
    const parts: Buffer[] = [];
    const { write, end } = request;
    const keep = (chunk: unknown) => {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) parts.push(Buffer.from(chunk));
    };
    request.write = function (this: ClientRequest, ...args: Parameters<typeof write>) {
      keep(args[0]);
      return write.apply(this, args);
    } as typeof write;
    request.end = function (this: ClientRequest, ...args: Parameters<typeof end>) {
      keep(args[0]);
      listener(request, Buffer.concat(parts).toString());
      return end.apply(this, args);
    } as typeof end;
  });
}
