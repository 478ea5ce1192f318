import { partitionTimes } from '../../../../../lambdas/shared/partitions/assignment.ts';
import { createAssignmentReader } from '../../../../../lambdas/shared/partitions/assignment-reader.ts';
import { ringOf, shards } from '../../../rabbitmq/partitions/rings.ts';
import { MemoryPartitionStore } from './memory-partition-store.ts';

describe('what a process knows of an assignment', () => {
  it('is read once more when its clock was set back, and not until that has caught up', async () => {
    const at = { time: 1_000_000 };
    const store = new MemoryPartitionStore(async () => {
      if (store.reads > 10) throw new Error('it reads again and again');
    });
    const ring = ringOf(shards([1, 1], 2));
    const now = () => new Date(at.time);
    const reader = createAssignmentReader({ ring, initial: 2, store, times: partitionTimes, now });
    await reader.recent();

    at.time -= 60_000;
    await reader.recent();
    await reader.recent();

    expect(store.reads).toBe(2);
  });
});
