import leven from 'leven';
import type { Analysis } from '../../rabbitmq/analyse.ts';
import { type PublishRequest, publish } from '../../rabbitmq/publishing/publish.ts';
import { routingKeysOf } from '../../rabbitmq/publishing/routing-keys.ts';
import { xDelayMs } from '../../rabbitmq/publishing/x-delay.ts';
import type { Hop } from '../../rabbitmq/routing/hop.ts';
import { createRouter, type Router } from '../../rabbitmq/routing/router.ts';
import type { Topology } from '../../rabbitmq/topology.ts';
import type { CommonOptions } from './definitions-commands.ts';
import { analyseFile, refused } from './definitions-file.ts';
import { explanation } from './explanation.ts';
import { headersOf } from './header-options.ts';
import { type ExitStatus, type Io, printJson } from './io.ts';
import { isLeftOut, leftOutExchange } from './left-out.ts';
import { toPublishRequest } from './message-line.ts';
import { painter } from './paint.ts';
import { seededRandom } from './random.ts';
import { createRefusals } from './refusals.ts';

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
  const analysis = analyseFile(file, options);
  const stop = refused(file, analysis, io, options);
  if (stop !== undefined) return stop;

  const request = requestOf(options);
  const leftOut = leftOutExchange(analysis, request);
  if (leftOut !== undefined) {
    return sayError({ code: 'left-out', text: leftOut }, `Nothing to say: ${leftOut}`, options, io);
  }
  const decision = publish(routerOf(analysis, options), request);
  if ('error' in decision) {
    const { replyCode: code, replyText: text } = decision.error;
    const hint = code === 404 ? meant(analysis.topology, request) : '';
    return sayError({ code, text }, `${code} ${text}\n${closed}${hint}`, options, io);
  }
  const refusals = createRefusals(analysis.topology, seededRandom(options.seed))(request, decision.queues);
  const hops = hopsOf(request, routerOf(analysis, options));
  if (options.json) {
    printJson(io, { ...decision, ...(refusals.length > 0 && { refused: refusals }), hops: hops.map(withoutVhost) });
  } else {
    io.stdout.write(
      `${explanation({ ...decision, hops, refusals, ...seen(request, analysis), paint: painter(io) })}\n`,
    );
  }
  return refusals.length > 0 ? 1 : 0;
}

/** Each question from the seed's beginning, so that all answers pick the same queue of a random exchange. */
function routerOf({ topology }: Analysis, { seed }: ExplainOptions): Router {
  return createRouter(topology, { random: seededRandom(seed) });
}

function sayError(error: { code: number | string; text: string }, text: string, { json }: ExplainOptions, io: Io): 1 {
  if (json) printJson(io, { error });
  else io.stdout.write(`${text}\n`);
  return 1;
}

function hopsOf(request: PublishRequest, router: Router): readonly Hop[] {
  return router.explain({ ...request, routingKeys: routingKeysOf(request.routingKey, request.headers) });
}

/** What an explanation says of the exchanges and queues on the way. */
function seen(request: PublishRequest, { topology, leftOut }: Analysis) {
  const { vhost, exchange: name } = request;
  const exchange = topology.exchanges.find((one) => one.vhost === vhost && one.name === name);
  return {
    delayMs: xDelayMs(request, exchange),
    delays: delaysOf(topology, vhost),
    isLeftOut: (other: string) => isLeftOut(leftOut, vhost, other),
  };
}

function requestOf({ exchange, routingKey, header = [], cc, bcc, mandatory, vhost }: ExplainOptions): PublishRequest {
  return toPublishRequest({ exchange, routingKey, headers: headersOf(header), cc, bcc, mandatory }, vhost);
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
      `after ${messageTtl} ms to ${deadLetterExchange === '' ? 'the default exchange' : `'${deadLetterExchange}'`}`,
    ]),
  );
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
