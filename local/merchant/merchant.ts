import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { type Behaviour, behaviours, createFulfilments, type Reply, type Seen } from './fulfilments.ts';
import { createNotifications, refusalsSchema } from './notifications.ts';

export interface Merchant {
  /** Where it takes requests for fulfilment. */
  readonly url: string;
  close(): Promise<void>;
}

const workOnMs = 500;

const orderSchema = z.looseObject({ out_trade_no: z.string() });
const secretSchema = z.object({ secret: z.string() });
const planSchema = z.object({ out_trade_no: z.string(), next: z.array(z.enum(behaviours)) });

/**
 * A merchant's fulfilment endpoint on this machine. `PUT /plan` says what it does to the next requests of an order, `GET
 * /requests?out_trade_no=…` what it has seen of it; `merchantClient` does both. Its webhook listens at `/notifications`;
 * `notificationClient` says what that does.
 */
export async function startMerchant(onSeen: (seen: Seen) => void = () => {}): Promise<Merchant> {
  const plans = new Map<string, Behaviour[]>();
  const log: Seen[] = [];
  const fulfil = createFulfilments();
  const notifications = createNotifications();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://merchant');
    const text = await textOf(request);
    switch (`${request.method} ${pathname}`) {
      case 'POST /fulfilments': {
        const seen = seenOf(request, JSON.parse(text));
        log.push(seen);
        const reply = fulfil(seen, plans.get(seen.out_trade_no)?.shift() ?? 'work');
        seen.answer = reply.answer;
        onSeen(seen);
        return give(reply, response);
      }
      case 'PUT /plan': {
        const { out_trade_no, next } = planSchema.parse(JSON.parse(text));
        plans.set(out_trade_no, next);
        response.writeHead(204).end();
        return;
      }
      case 'GET /requests': {
        const wanted = searchParams.get('out_trade_no');
        response.end(JSON.stringify(log.filter(({ out_trade_no }) => out_trade_no === wanted)));
        return;
      }
      case 'POST /notifications':
        response.writeHead(notifications.take(request.headers, text)).end();
        return;
      case 'GET /notifications':
        response.end(JSON.stringify(notifications.of(searchParams.get('out_trade_no'))));
        return;
      case 'PUT /notifications/secret':
        notifications.learn(secretSchema.parse(JSON.parse(text)).secret);
        response.writeHead(204).end();
        return;
      case 'PUT /notifications/refusals':
        notifications.refuse(refusalsSchema.parse(JSON.parse(text)));
        response.writeHead(204).end();
        return;
      default:
        response.writeHead(404).end();
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the merchant listens on no port');
  return {
    url: `http://127.0.0.1:${address.port}/fulfilments`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function seenOf({ headers }: IncomingMessage, body: unknown): Seen {
  const key = headers['idempotency-key'];
  return {
    at: new Date().toISOString(),
    out_trade_no: orderSchema.parse(body).out_trade_no,
    idempotency_key: typeof key === 'string' ? key : undefined,
    body,
    effect: false,
    answer: 'hung',
  };
}

function give({ answer, headers, body, afterMs = 0, isEndless, workOn }: Reply, response: ServerResponse): void {
  if (workOn) response.on('close', () => setTimeout(workOn, workOnMs).unref());
  if (answer === 'dropped') response.destroy();
  if (typeof answer !== 'number') return;
  const timer = setTimeout(() => {
    response.writeHead(answer, headers);
    if (isEndless) sendForEver(response);
    else response.end(body === undefined ? undefined : JSON.stringify(body));
  }, afterMs);
  // What is still to be said must not keep a process up.
  timer.unref();
}

function sendForEver(response: ServerResponse): void {
  const block = Buffer.alloc(65_536, ' ');
  const send = () => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', send);
  send();
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
