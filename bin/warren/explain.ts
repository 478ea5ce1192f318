import leven from 'leven';
import type { Headers, HeaderValue } from '../../rabbitmq/message.ts';
import { longestDelayMs } from '../../rabbitmq/plan/delay-limits.ts';
import { type PublishRequest, publish } from '../../rabbitmq/publishing/publish.ts';
import { routingKeysOf } from '../../rabbitmq/publishing/routing-keys.ts';
import type { Hop } from '../../rabbitmq/routing/hop.ts';
import { createRouter, type Router } from '../../rabbitmq/routing/router.ts';
import type { Topology } from '../../rabbitmq/topology.ts';
import { analyseFile, refused } from './definitions-file.ts';
import { explanation } from './explanation.ts';
import { type ExitStatus, type Io, printJson, UsageError } from './io.ts';
import { isLeftOut, leftOutExchange } from './left-out.ts';
import { toPublishRequest } from './message-line.ts';
import { painter } from './paint.ts';
import type { CommonOptions } from './program.ts';
import { seededRandom } from './random.ts';

export interface ExplainOptions extends CommonOptions {
  readonly anyway: boolean;
  readonly exchange: string;
  readonly routingKey: string;
  readonly header?: readonly string[] | undefined;
  readonly cc?: string[] | undefined;
  readonly bcc?: string[] | undefined;
  readonly mandatory: boolean;
  readonly seed: number;
}

/** `warren explain FILE --exchange E --routing-key K` */
export function explain(file: string, options: ExplainOptions, io: Io): ExitStatus {
  const { vhost, json, seed } = options;
  const analysis = analyseFile(file, options);
  const stop = refused(file, analysis, io, options);
  if (stop !== undefined) return stop;

  const request = requestOf(options);
  const leftOut = leftOutExchange(analysis, request);
  if (leftOut !== undefined) {
    if (json) printJson(io, { error: { code: 'left-out', text: leftOut } });
    else io.stdout.write(`Nothing to say: ${leftOut}\n`);
    return 1;
  }
  // Each question from the seed's beginning, so that both answers pick the same queue of a random exchange.
  const router = (): Router => createRouter(analysis.topology, { random: seededRandom(seed) });
  const decision = publish(router(), request);
  if ('error' in decision) {
    const { replyCode: code, replyText: text } = decision.error;
    if (json) printJson(io, { error: { code, text } });
    else io.stdout.write(`${code} ${text}\n${closed}${code === 404 ? meant(analysis.topology, request) : ''}\n`);
    return 1;
  }
  const hops = router().explain({ ...request, routingKeys: routingKeysOf(request.routingKey, request.headers) });
  if (json) printJson(io, { ...decision, hops: hops.map(withoutVhost) });
  else
    io.stdout.write(
      `${explanation({ ...decision, hops, delay: delayOf(analysis.topology, request), delays: delaysOf(analysis.topology, vhost), isLeftOut: (name) => isLeftOut(analysis.leftOut, vhost, name), paint: painter(io) })}\n`,
    );
  return 0;
}

function requestOf({ exchange, routingKey, header = [], cc, bcc, mandatory, vhost }: ExplainOptions): PublishRequest {
  return toPublishRequest({ exchange, routingKey, headers: headersOf(header), cc, bcc, mandatory }, vhost);
}

function headersOf(texts: readonly string[]): Headers {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new UsageError(`--header ${text}: write name=value`);
      return [text.slice(0, at), headerValue(text.slice(at + 1))];
    }),
  );
}

function headerValue(text: string): HeaderValue {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function withoutVhost({ matches, ...hop }: Hop): object {
  return {
    ...hop,
    matches: matches.map(({ binding: { vhost: _, source: __, ...binding }, dropped }) => ({ ...binding, dropped })),
  };
}

/** Delay queue → what happens to a message in it. */
function delaysOf({ queues }: Topology, vhost: string): ReadonlyMap<string, string> {
  const delays = queues.filter((queue) => queue.vhost === vhost && queue.delayQueue);
  return new Map(
    delays.map(({ name, messageTtl, deadLetterExchange }) => [
      name,
      `a delay: ${refusal(messageTtl) ?? `after ${messageTtl} ms to ${deadLetterExchange === '' ? 'the default exchange' : `'${deadLetterExchange}'`}`}`,
    ]),
  );
}

/** What a delayed-message exchange does with the message before its copies arrive. */
function delayOf({ exchanges }: Topology, { vhost, exchange, headers }: PublishRequest): string | undefined {
  const delayed = exchanges.some((one) => one.vhost === vhost && one.name === exchange && one.delayed);
  const delay = headers['x-delay'];
  if (!delayed || typeof delay !== 'number' || delay <= 0) return undefined;
  return refusal(delay) ?? `after ${delay} ms`;
}

function refusal(delayMs = 0): string | undefined {
  return delayMs > longestDelayMs
    ? `refused (nack), ${delayMs} ms is longer than ${longestDelayMs} ms; if something consumes it, name it with --consumed`
    : undefined;
}

const closed = 'The channel is closed; the message is neither routed nor confirmed.';

/** The vhost or exchange that was perhaps meant. */
function meant({ exchanges }: Topology, { vhost, exchange }: PublishRequest): string {
  const elsewhere = exchanges.filter(({ name }) => name === exchange).map((one) => one.vhost);
  if (elsewhere.length > 0) return `\nDid you mean ${elsewhere.map((one) => `--vhost ${one}`).join(' or ')}?`;
  const names = exchanges.filter((one) => one.vhost === vhost && one.name !== '').map(({ name }) => name);
  if (names.length === 0) return `\nThe file has no vhost '${vhost}'.`;
  const nearest = names.toSorted((one, other) => leven(exchange, one) - leven(exchange, other)).slice(0, 3);
  return `\nDid you mean ${nearest.map((one) => `'${one}'`).join(', ')}?`;
}
