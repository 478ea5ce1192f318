import { setImmediate as turn } from 'node:timers/promises';
import { writeAll } from '../../../../../lambdas/shared/table-moves/write-all.ts';
import { rejectionOf } from '../../builders.ts';

describe('many writes', () => {
  it('tell of each whether it was written, in their order', async () => {
    expect(await writeAll([1, 2, 3], async (one) => one !== 2)).toEqual([true, false, true]);
  });

  it('fail only when all that were begun have ended: none goes on in a later run', async () => {
    const begun: number[] = [];
    const slow = Promise.withResolvers<boolean>();
    let isOver = false;
    const many = Array.from({ length: 50 }, (_, at) => at);

    const failed = rejectionOf(
      writeAll(many, async (one) => {
        begun.push(one);
        if (one === 1) throw new Error('no answer');
        return slow.promise;
      }),
    ).finally(() => {
      isOver = true;
    });
    await turn();
    expect(isOver).toBe(false);
    slow.resolve(true);

    expect(String(await failed)).toBe('Error: no answer');
    expect(begun.length).toBeLessThan(many.length);
  });
});
