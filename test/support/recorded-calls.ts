import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { FunctionsRun } from '../../local/ministack.ts';
import { paths } from '../../local/paths.ts';
import { testAccount } from './deployment-file.ts';

const folder = path.join(paths.local, 'recorded-calls');
const calls = path.join(folder, 'calls');
const committed = path.join(import.meta.dirname, '../least-privilege/used-actions.json');

/** Function's folder → what it called, sorted. */
export type UsedActions = Readonly<Record<string, readonly string[]>>;

/** What every function was seen to call in a whole run of the integration tests. */
export function usedActions(): UsedActions {
  return z.record(z.string(), z.array(z.string())).parse(JSON.parse(readFileSync(committed, 'utf8')));
}

export function writeUsedActions(used: UsedActions): void {
  writeFileSync(committed, `${JSON.stringify(used, null, 2)}\n`);
}

/** Begins anew. Answers what a local AWS must be started with, so that its functions' calls are noted. */
export function startRecording(): FunctionsRun {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(calls, { recursive: true });
  putNode(folder, path.join(import.meta.dirname, 'record-calls.ts'));
  return { path: folder, variables: { RECORDED_CALLS: calls, RECORDED_ACCOUNT: testAccount } };
}

/** Into a folder: a `node` that loads the file first, before what it is to run. A shell script: nothing is loaded on Windows. */
export function putNode(into: string, file: string): void {
  const node = path.join(into, 'node');
  writeFileSync(node, `#!/bin/sh\nexec "${path.join(paths.node24, 'node')}" --import "file://${file}" "$@"\n`);
  chmodSync(node, 0o755);
}

/** What was noted since recording began. */
export function recordedCalls(): UsedActions {
  if (!existsSync(calls)) return {};
  const lines = new Set(readdirSync(calls).flatMap((file) => readFileSync(path.join(calls, file), 'utf8').split('\n')));
  const pairs = [...lines].map((line) => line.split(' ')).filter(([service = '']) => isOurs(service));
  const byService = Map.groupBy(pairs, ([service = '']) => service);
  return Object.fromEntries(
    [...byService].sort().map(([service, all]) => [service, all.map(([, action = '']) => action).sort()]),
  );
}

/** Tests deploy functions of their own, too. */
function isOurs(service: string): boolean {
  return service !== '' && existsSync(path.join(paths.project, 'lambdas', service, 'index.ts'));
}

/** `refused`: calls that the function's role does not allow. `unseen`: calls that are not on record yet, so that nothing says they are needed. */
export function judgeCalls(
  recorded: UsedActions,
  { known, granted }: { readonly known: UsedActions; readonly granted: ReadonlyMap<string, readonly string[]> },
): { readonly refused: string[]; readonly unseen: string[] } {
  return {
    refused: callsBeyond(recorded, (service) => granted.get(service)),
    unseen: callsBeyond(recorded, (service) => known[service]),
  };
}

export function callsBeyond(calls: UsedActions, known: (service: string) => readonly string[] | undefined): string[] {
  return Object.entries(calls).flatMap(([service, actions]) =>
    actions.filter((action) => !known(service)?.includes(action)).map((action) => `${service}: ${action}`),
  );
}
