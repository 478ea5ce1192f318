import { PassThrough } from 'node:stream';
import { createPace } from '../../../../bin/warren/publish/pace.ts';
import { createProgress, publishedText } from '../../../../bin/warren/publish/progress.ts';
import { Tally } from '../../../../bin/warren/publish/tally.ts';
import { messagesFile, publish, toLedger } from './publish-on-fakes.ts';

const never = new AbortController().signal;

describe('a rate', () => {
  it('holds back what comes too early, and lets nothing catch up in a burst', async () => {
    let now = 1000;
    const waits: number[] = [];
    const pace = createPace(
      100,
      () => now,
      async (milliseconds) => {
        waits.push(milliseconds);
        now += milliseconds;
      },
    );

    await pace.before(100, never);
    now += 300;
    await pace.before(50, never);
    await pace.before(50, never);
    now += 5000;
    await pace.before(100, never);
    await pace.before(1, never);

    expect(waits).toEqual([700, 500, 1000]);
  });

  it('makes requests of at most a second’s messages, and at least one', async () => {
    const lines = Array.from({ length: 5 }, (_, at) => toLedger(String(at)));
    const sizes = async (rate: string) => {
      let now = 0;
      const { fn } = await publish(['--file', messagesFile(lines).path, '--rate', rate], {
        now: () => (now += 10_000),
      });
      return fn.requests.map(({ messages }) => messages.length);
    };

    expect(await sizes('2/s')).toEqual([2, 2, 1]);
    expect(await sizes('0.5')).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('progress', () => {
  function shownAt(times: readonly number[], { isTTY = false, columns = 100, isPipe = false } = {}) {
    const stderr = Object.assign(new PassThrough(), { isTTY, columns });
    const tally = new Tally();
    let now = 0;
    const progress = createProgress({
      stderr,
      text: (seconds) => publishedText(tally, seconds),
      total: isPipe ? undefined : 200,
      now: () => now,
    });
    for (const [at, time] of times.entries()) {
      now = time;
      for (let message = 0; message < 1000; message++) tally.add(message < 10 ? 'nacked' : 'acked', 1);
      progress.show((at + 1) * 50);
    }
    progress.end();
    return String(stderr.read() ?? '');
  }

  it('is a bar on a terminal, drawn over and over at most ten times a second, and gone at the end', () => {
    expect(shownAt([1000, 1050, 2000], { isTTY: true }).split('\r\u001b[K')).toEqual([
      '',
      '██████░░░░░░░░░░░░░░░░░░ 25 %, 1,000 messages, 10 not confirmed, 1,000/s',
      '██████████████████░░░░░░ 75 %, 3,000 messages, 30 not confirmed, 1,500/s',
      '',
    ]);
  });

  it('never wraps', () => {
    expect(shownAt([1000], { isTTY: true, columns: 20 })).toBe('\r\u001b[K██████░░░░░░░░░░░░░\r\u001b[K');
  });

  it('is a line now and then in a log file', () => {
    expect(shownAt([1000, 6000, 7000, 22_000])).toBe(
      '… 50 %, 2,000 messages, 20 not confirmed, 333/s\n… 100 %, 4,000 messages, 40 not confirmed, 182/s\n',
    );
  });

  it('says nothing of an end that nobody knows', () => {
    expect(shownAt([1000], { isTTY: true, isPipe: true })).toContain('K1,000 messages, 10 not');
  });

  it('stays away from stdout', async () => {
    const { stdout, stderr } = await publish(['--file', messagesFile([toLedger('1')]).path], {
      isTTY: true,
      now: () => 0,
    });

    expect(stdout).not.toContain('█');
    expect(stderr).toContain('█');
  });
});
