import { closeSync, openSync, readSync } from 'node:fs';
import { meantQueues } from '../../lib/nearest-queues.ts';
import { unreadable } from '../../lib/unreadable-file.ts';
import { type Analysis, analyse } from '../../rabbitmq/analyse.ts';
import { type Finding, formatFinding, stopsDeployment } from '../../rabbitmq/definitions/finding.ts';
import { maxDefinitionsBytes } from '../../rabbitmq/definitions/json-document.ts';
import { isSameQueue, type QueueAddress } from '../../rabbitmq/queue-address.ts';
import { consumedOption } from './consumed-option.ts';
import type { CommonOptions } from './definitions-commands.ts';
import { type ExitStatus, type Io, printJson, UsageError } from './io.ts';
import { namesLeftOut } from './left-out.ts';

export type AnalyseFileOptions = Pick<CommonOptions, 'dialect' | 'vhost' | 'consumed' | 'consumedIn'> & {
  readonly prefix?: string;
};

/** Reads and analyses a definitions file; whatever its bytes are. */
export function analyseFile(file: string, options: AnalyseFileOptions): Analysis {
  const { dialect, vhost, prefix: namePrefix, consumed = [], consumedIn = [] } = options;
  const named = [...consumed.map((name) => ({ vhost, name })), ...consumedIn];
  const analysis = analyse(readBytes(file), {
    dialect,
    vhost,
    ...(namePrefix !== undefined && { namePrefix }),
    ...(named.length > 0 && { isConsumed: (queue) => named.some((one) => isSameQueue(one, queue)) }),
  });
  const queues = [...analysis.topology.queues, ...analysis.leftOut.queues];
  const unknown = named.find((one) => !queues.some((queue) => isSameQueue(one, queue)));
  // What is no JSON has no queues; that finding is worth more than the complaint.
  if (unknown && !analysis.findings.some(({ code }) => code === 'invalid-json'))
    throw new UsageError(noSuchQueue(unknown, queues, vhost));
  return analysis;
}

function noSuchQueue(queue: QueueAddress, queues: readonly QueueAddress[], vhost: string): string {
  const option = consumedOption(queue, vhost);
  const meant = meantQueues(queue, queues, (one) => consumedOption(one, vhost));
  return `${option}: the file has no such queue in vhost '${queue.vhost}': ${meant}`;
}

/** Its file descriptor. */
const stdin = 0;

/** One byte more than is taken at most, so that a file that is too large is seen to be, and never read whole. */
function readBytes(file: string): Uint8Array {
  let handle: number;
  try {
    handle = file === '-' ? stdin : openSync(file, 'r');
  } catch (error) {
    throw new UsageError(unreadable(file, error));
  }
  try {
    const buffer = Buffer.alloc(maxDefinitionsBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(handle, buffer, length, buffer.length - length, null);
    }
    return buffer.subarray(0, length);
  } catch (error) {
    throw new UsageError(unreadable(file, error));
  } finally {
    if (handle !== stdin) closeSync(handle);
  }
}

export interface AnywayOptions {
  readonly json: boolean;
  readonly anyway: boolean;
}

/** Routing by half a topology would be wrong: says what stops it, and answers the exit status; `undefined` when nothing does, or shall. */
export function refused(
  file: string,
  { findings, leftOut }: Analysis,
  io: Io,
  { json, anyway }: AnywayOptions,
): ExitStatus | undefined {
  const stopping = findings.filter(stopsDeployment);
  if (stopping.length === 0) return undefined;
  if (anyway) {
    io.stderr.write(
      `${stopping.length} of its findings stop a deployment: ${file} is answered about without what they are about${namesLeftOut(leftOut)}.\n`,
    );
    return undefined;
  }
  if (json) printJson(io, { findings: stopping });
  else {
    io.stderr.write(
      `${file} cannot be answered about: part of it is not understood or has no counterpart on AWS (--anyway leaves that out).\n`,
    );
    for (const finding of stopping.slice(0, shown)) io.stderr.write(`${formatFinding(file, finding)}\n`);
  }
  if (!json && stopping.length > shown) io.stderr.write(more(stopping, file));
  return 1;
}

const shown = 10;

function more(findings: readonly Finding[], file: string): string {
  return `… and ${findings.length - shown} more; all of them: npx warren check ${file}\n`;
}
