import { readFileSync } from 'node:fs';
import type { SweptQueue } from './env.ts';

/** Compiled at synth; lies beside the function's code. Loaded once per cold start. */
export function loadSweptQueues(): readonly SweptQueue[] {
  return JSON.parse(readFileSync(new URL('swept-queues.json', import.meta.url), 'utf8'));
}
