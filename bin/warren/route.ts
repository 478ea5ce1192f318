import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { publish } from '../../rabbitmq/publishing/publish.ts';
import { createRouter, type Router } from '../../rabbitmq/routing/router.ts';
import { analyseFile, refused } from './definitions-file.ts';
import type { ExitStatus, Io } from './io.ts';
import { InvalidMessageError, parseMessageLine } from './message-line.ts';
import type { CommonOptions } from './program.ts';
import { seededRandom } from './random.ts';

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
  let number = 0;
  for await (const line of createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    const isRoom = io.stdout.write(`${JSON.stringify(routeLine(router, line, number, vhost))}\n`);
    if (!isRoom) await once(io.stdout, 'drain');
  }
  return 0;
}

function routeLine(router: Router, line: string, number: number, vhost: string): object {
  try {
    const decision = publish(router, parseMessageLine(number === 1 ? line.replace(/^\uFEFF/, '') : line, vhost));
    if (!('error' in decision)) return decision;
    const { replyCode, replyText } = decision.error;
    return { error: { code: replyCode, text: replyText } };
  } catch (error) {
    if (!(error instanceof InvalidMessageError)) throw error;
    return { error: { code: 'invalid-message', text: `line ${number}: ${error.message}` } };
  }
}
