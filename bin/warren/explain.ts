import type { Headers, HeaderValue } from '../../rabbitmq/message.ts';
import { type PublishRequest, publish } from '../../rabbitmq/publishing/publish.ts';
import { routingKeysOf } from '../../rabbitmq/publishing/routing-keys.ts';
import type { Hop } from '../../rabbitmq/routing/hop.ts';
import { createRouter, type Router } from '../../rabbitmq/routing/router.ts';
import type { Topology } from '../../rabbitmq/topology.ts';
import { analyseFile, refused } from './definitions-file.ts';
import { explanation } from './explanation.ts';
import { type ExitStatus, type Io, printJson, UsageError } from './io.ts';
import { toPublishRequest } from './message-line.ts';
import { painter } from './paint.ts';
import type { CommonOptions } from './program.ts';
import { seededRandom } from './random.ts';

export interface ExplainOptions extends CommonOptions {
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
  const { dialect, vhost, json, seed } = options;
  const analysis = analyseFile(file, { dialect, vhost });
  const stop = refused(file, analysis, io, json);
  if (stop !== undefined) return stop;

  const request = requestOf(options);
  // Each question from the seed's beginning, so that both answers pick the same queue of a random exchange.
  const router = (): Router => createRouter(analysis.topology, { random: seededRandom(seed) });
  const decision = publish(router(), request);
  if ('error' in decision) {
    const { replyCode: code, replyText: text } = decision.error;
    if (json) printJson(io, { error: { code, text } });
    else io.stdout.write(`${code} ${text}\nThe channel is closed; the message is neither routed nor confirmed.\n`);
    return 1;
  }
  const hops = router().explain({ ...request, routingKeys: routingKeysOf(request.routingKey, request.headers) });
  if (json) printJson(io, { ...decision, hops: hops.map(withoutVhost) });
  else
    io.stdout.write(
      `${explanation({ ...decision, hops, delays: delaysOf(analysis.topology, vhost), paint: painter(io) })}\n`,
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
      `a delay: after ${messageTtl} ms to ${deadLetterExchange === '' ? 'the default exchange' : `'${deadLetterExchange}'`}`,
    ]),
  );
}
