import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface AllocatingOptions {
  readonly endpoint: string;
  readonly account: string;
  readonly table: string;
  readonly processes: number;
  readonly allocatorsEach: number;
  readonly segmentSize: number;
  /** Numbers of all together, at least. */
  readonly numbers: number;
  readonly random: () => number;
}

export interface Allocated {
  readonly numbers: number;
  /** Numbers that were handed out more than once. */
  readonly doubled: number;
  readonly highest: number;
  readonly kills: number;
}

const script = path.join(import.meta.dirname, 'allocating-process.ts');

/** Processes that allocate numbers, of which one after another is killed with SIGKILL and begun anew, until there are so many numbers and as many kills as processes. */
export async function allocateUnderKills(options: AllocatingOptions): Promise<Allocated> {
  const { endpoint, account, table, allocatorsEach, segmentSize, numbers, random } = options;
  const seen = new Set<number>();
  let [doubled, highest, kills] = [0, 0, 0];
  const running = new Set<ChildProcess>();
  // A fast machine has all numbers before the first kill, and would have shown nothing.
  const isDone = (): boolean => seen.size >= numbers && kills >= options.processes;

  function begin(): void {
    const args = [script, endpoint, account, table, String(allocatorsEach), String(segmentSize)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    running.add(child);
    child.on('close', () => running.delete(child));
    // A line that was cut off by the kill has a number that is none: it has no end, and is left out.
    let cut = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      const lines = `${cut}${chunk}`.split('\n');
      cut = lines.pop() ?? '';
      for (const line of lines) for (const text of line.split(' ')) note(Number(text));
    });
  }

  function note(number: number): void {
    if (seen.has(number)) doubled += 1;
    seen.add(number);
    highest = Math.max(highest, number);
  }

  for (let started = 0; started < options.processes; started++) begin();
  while (!isDone()) {
    await sleep(100 + random() * 900);
    const [child] = [...running].sort(() => random() - 0.5);
    if (!child || isDone()) continue;
    child.kill('SIGKILL');
    kills += 1;
    begin();
  }
  const ended = [...running].map((child) => once(child, 'close'));
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(ended);
  return { numbers: seen.size, doubled, highest, kills };
}
