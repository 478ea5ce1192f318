import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { OperatorDeps } from '../../../bin/warren/backlog/stage.ts';
import type { ExceptionsDeps } from '../../../bin/warren/exceptions/options.ts';
import { runWarren } from '../../../bin/warren/program.ts';
import type { PublishDeps } from '../../../bin/warren/publish/options.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'warren-command-line-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A definitions file with that content. */
export function definitionsFile(content: object | string | Uint8Array): string {
  const file = path.join(folder, 'definitions.json');
  writeFileSync(
    file,
    typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content, null, 2),
  );
  return file;
}

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON. */
  readonly json: () => unknown;
}

export interface Around {
  readonly stdin?: string | Uint8Array | Readable;
  readonly isTTY?: boolean;
  /** Of `publish`. Default: nothing can be published. */
  readonly publishing?: PublishDeps;
  /** Of `exceptions`. Default: there are none to reach. */
  readonly excepting?: ExceptionsDeps;
  /** Of what is done to queues. Default: there are none to reach. */
  readonly operating?: OperatorDeps;
}

function given<Deps>(deps: Deps | undefined): () => Promise<Deps> {
  return async () => {
    if (!deps) throw new Error('Not implemented');
    return deps;
  };
}

/** One command line, from arguments to exit status. */
export async function warren(
  args: readonly string[],
  { stdin = '', isTTY = false, publishing, excepting, operating }: Around = {},
): Promise<Ran> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const read = Promise.all([text(out), text(err)]);
  const status = await runWarren(
    args,
    {
      stdin: Object.assign(stdin instanceof Readable ? stdin : Readable.from([stdin]), { isTTY }),
      stdout: Object.assign(out, { isTTY }),
      stderr: Object.assign(err, { isTTY }),
    },
    { publishing: given(publishing), excepting: given(excepting), operating: given(operating) },
  );
  out.end();
  err.end();
  const [stdout, stderr] = await read;
  return { status, stdout, stderr, json: () => JSON.parse(stdout) };
}

/** Two exchanges, a delay, an alternate exchange, an internal exchange. */
export const shop = {
  exchanges: [
    { name: 'orders', type: 'topic', arguments: { 'alternate-exchange': 'unrouted' } },
    { name: 'unrouted', type: 'fanout' },
    { name: 'late', type: 'direct', internal: true },
  ],
  queues: [
    { name: 'work', arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 3 } },
    { name: 'rest' },
    {
      name: 'wait',
      arguments: { 'x-message-ttl': 5000, 'x-dead-letter-exchange': 'late', 'x-dead-letter-routing-key': 'work' },
    },
  ],
  bindings: [
    { source: 'orders', destination: 'work', destination_type: 'queue', routing_key: 'order.#' },
    { source: 'orders', destination: 'wait', destination_type: 'queue', routing_key: 'order.later' },
    { source: 'unrouted', destination: 'rest', destination_type: 'queue', routing_key: '' },
    { source: 'late', destination: 'work', destination_type: 'queue', routing_key: 'work' },
  ],
};
