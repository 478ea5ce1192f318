/** Events in virtual time: whatever waits goes on when its time has come, in an order that the seed decides. */
export interface VirtualWorld {
  now(): number;
  random(): number;
  /** Anything from nothing to so long. What is killed meanwhile never goes on. */
  delay(most: number, process?: Process): Promise<void>;
  sleep(milliseconds: number, process?: Process): Promise<void>;
  /** Until nothing is to be done any more, or that time has come. */
  run(until: number): Promise<void>;
}

/** What may be killed at any await. */
export interface Process {
  isKilled: boolean;
}

export function createVirtualWorld(random: () => number, epoch: number): VirtualWorld {
  let time = epoch;
  const events: { at: number; go: () => void; process: Process | undefined }[] = [];
  const sleep = (milliseconds: number, process?: Process) =>
    new Promise<void>((go) => {
      events.push({ at: time + Math.max(0, milliseconds), go, process });
    });
  return {
    now: () => time,
    random,
    sleep,
    delay: (most, process) => sleep(random() * most, process),
    async run(until) {
      for (;;) {
        // Whatever the last one set going waits for an event of its own by then.
        await new Promise((done) => setImmediate(done));
        events.sort((one, other) => one.at - other.at);
        const next = events[0];
        if (!next || next.at > until) break;
        events.shift();
        if (next.process?.isKilled) continue;
        time = next.at;
        next.go();
      }
      time = Math.max(time, until);
    },
  };
}

/** Where nothing takes time. */
export const atOnce: VirtualWorld = {
  now: () => 0,
  random: () => 0,
  delay: async () => {},
  sleep: async () => {},
  run: async () => {},
};
