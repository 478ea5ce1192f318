import { createAllocator } from '../../../../../lambdas/shared/sequences/allocator.ts';
import { rejectionOf } from '../../builders.ts';
import { MemorySegments } from './memory-segments.ts';

function given(segmentSize = 10, refillAt?: number) {
  const segments = new MemorySegments();
  const newAllocator = () =>
    createAllocator({ segments, sequence: 'orders', segmentSize, ...(refillAt !== undefined && { refillAt }) });
  return { segments, newAllocator };
}

const take = async (allocator: { next(): Promise<number> }, count: number) => {
  const numbers: number[] = [];
  for (let taken = 0; taken < count; taken++) numbers.push(await allocator.next());
  return numbers;
};

describe('numbers of a sequence', () => {
  it('go on without a gap within one process, and each write gives a whole segment', async () => {
    const { segments, newAllocator } = given(10, 0);

    expect(await take(newAllocator(), 30)).toEqual(Array.from({ length: 30 }, (_, n) => n));
    // The next one was fetched beforehand, when the third was used up.
    expect(segments.writes).toBe(4);
  });

  it('are nobody’s twice, among processes that share nothing but the sequence', async () => {
    const { newAllocator } = given(7);
    const allocators = Array.from({ length: 16 }, newAllocator);

    const all = (await Promise.all(allocators.map((one) => take(one, 100)))).flat();

    expect(new Set(all).size).toBe(1_600);
  });

  it('are nobody’s twice within one process, whoever asks at the same moment', async () => {
    const { segments, newAllocator } = given(10);
    const allocator = newAllocator();

    const all = await Promise.all(Array.from({ length: 94 }, () => allocator.next()));

    expect([...all].sort((a, b) => a - b)).toEqual(Array.from({ length: 94 }, (_, n) => n));
    expect(segments.writes).toBe(10);
  });

  it('are fetched before the last is gone, one segment at a time', async () => {
    const { segments, newAllocator } = given(10, 5);
    const allocator = newAllocator();

    await take(allocator, 4);
    expect(segments.writes).toBe(1);
    await take(allocator, 1);
    expect(segments.writes).toBe(2);
    await take(allocator, 5);
    expect(segments.writes).toBe(2);
  });

  it('come from the segment at hand while none can be fetched, and nobody hears of that', async () => {
    const { segments, newAllocator } = given(10, 5);
    const allocator = newAllocator();
    await take(allocator, 4);
    segments.failures = 6;

    expect(await take(allocator, 6)).toEqual([4, 5, 6, 7, 8, 9]);

    segments.failures = 1;
    await rejectionOf(allocator.next());
    expect(await take(allocator, 1)).toEqual([10]);
  });

  it('that a process had left when it ended are lost, and are nobody’s', async () => {
    const { newAllocator } = given(10, 0);
    await take(newAllocator(), 3);

    expect(await take(newAllocator(), 1)).toEqual([10]);
  });
});
