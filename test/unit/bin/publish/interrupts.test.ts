import { PassThrough } from 'node:stream';
import { againCommand } from '../../../../bin/warren/publish/again-command.ts';
import { listenForInterrupts } from '../../../../bin/warren/publish/interrupts.ts';

function pressing() {
  const stderr = new PassThrough();
  let now = 0;
  const { stop, giveUp, release } = listenForInterrupts({ stderr }, () => now);
  const press = (signal: NodeJS.Signals, at: number) => {
    now = at;
    process.emit(signal, signal);
    return [stop.aborted, giveUp.aborted];
  };
  return { press, release, told: () => String(stderr.read() ?? '') };
}

describe('a signal', () => {
  it('stops the run; another one, later, gives up the request under way', () => {
    const { press, release, told } = pressing();

    expect(press('SIGINT', 1000)).toEqual([true, false]);
    expect(press('SIGINT', 1020)).toEqual([true, false]);
    expect(press('SIGHUP', 9000)).toEqual([true, false]);
    expect(press('SIGTERM', 9000)).toEqual([true, true]);
    expect(told()).toMatch(/^\nStopping: .* Ctrl-C again gives it up.\n$/);
    release();
  });

  it('is nobody’s business once the run is over', () => {
    const before = process.listenerCount('SIGINT');
    const { release } = pressing();
    release();

    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});

describe('the command that publishes what is left', () => {
  it.each([
    [
      { destination: { stage: 'dev' }, mode: 'confirm', vhost: '/', batch: 1000 },
      'a.jsonl',
      'npx warren publish --stage dev --file a.jsonl',
    ],
    [
      { destination: { functionName: 'fn' }, mode: 'tx', vhost: 'my shop', batch: 50, rate: 2.5 },
      "it's.jsonl",
      "npx warren publish --function fn --tx --vhost 'my shop' --batch 50 --rate 2.5 --file 'it'\\''s.jsonl'",
    ],
  ] as const)('can be pasted into a shell: %j', (options, file, command) => {
    expect(againCommand(options, file)).toBe(command);
  });
});
