import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Analysis } from '../../rabbitmq/analyse.ts';
import { publish } from '../../rabbitmq/publishing/publish.ts';
import { createRouter, type Router } from '../../rabbitmq/routing/router.ts';
import type { CommonOptions } from './definitions-commands.ts';
import { analyseFile, refused } from './definitions-file.ts';
import type { ExitStatus, Io } from './io.ts';
import { leftOutExchange } from './left-out.ts';
import { InvalidMessageError, parseMessageLine } from './message-line.ts';
import { seededRandom } from './random.ts';
import { createRefusals, type Refusals } from './refusals.ts';

export interface RouteOptions extends CommonOptions {
  readonly anyway: boolean;
  readonly seed: number;
}

/** `warren route FILE < messages.jsonl`: a line in, a line out; holds one line at a time. */
export async function route(file: string, options: RouteOptions, io: Io): Promise<ExitStatus> {
  const { vhost, seed } = options;
  const analysis = analyseFile(file, options);
  const stop = refused(file, analysis, io, options);
  if (stop !== undefined) return stop;

  const router = createRouter(analysis.topology, { random: seededRandom(seed) });
  const refusals = createRefusals(analysis.topology, seededRandom(seed));
  let number = 0;
  for await (const line of createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    const isRoom = io.stdout.write(
      `${JSON.stringify(routeLine(line, number, { router, refusals, analysis, vhost }))}\n`,
    );
    if (!isRoom) await once(io.stdout, 'drain');
  }
  return 0;
}

interface RouteContext {
  readonly router: Router;
  readonly refusals: Refusals;
  readonly analysis: Analysis;
  readonly vhost: string;
}

function routeLine(line: string, number: number, { router, refusals, analysis, vhost }: RouteContext): object {
  try {
    const request = parseMessageLine(number === 1 ? line.replace(/^\uFEFF/, '') : line, vhost);
    const leftOut = leftOutExchange(analysis, request);
    if (leftOut !== undefined) return { error: { code: 'left-out', text: leftOut } };
    const decision = publish(router, request);
    if (!('error' in decision)) {
      // What RabbitMQ routes stays as it is; what Warren refuses of it is said beside it.
      const refused = refusals(request, decision.queues);
      return refused.length === 0 ? decision : { ...decision, refused };
    }
    const { replyCode, replyText } = decision.error;
    return { error: { code: replyCode, text: replyText } };
  } catch (error) {
    if (!(error instanceof InvalidMessageError)) throw error;
    return { error: { code: 'invalid-message', text: `line ${number}: ${error.message}` } };
  }
}
