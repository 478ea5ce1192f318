import type { SQSRecord } from 'aws-lambda';
import { encodeMessage } from '../../../../../lambdas/shared/broker/envelope.ts';
import type { Assignment, Step } from '../../../../../lambdas/shared/partitions/assignment.ts';
import { createAssignmentReader } from '../../../../../lambdas/shared/partitions/assignment-reader.ts';
import { createPartitionGuard } from '../../../../../lambdas/shared/partitions/partition-guard.ts';
import { stampAttributes } from '../../../../../lambdas/shared/partitions/stamp.ts';
import type { Place } from '../../../../../rabbitmq/partitions/ring.ts';
import { ringOf, shards } from '../../../rabbitmq/partitions/rings.ts';
import { message, now, recordOf } from '../../builders.ts';
import { MemoryPartitionStore } from './memory-partition-store.ts';

const ring = ringOf(shards([1, 1, 1, 1]));
const four = { active: 4, declared: 4 };
const two = { active: 2, declared: 4 };
const routed = (key: string) => ({ vhost: '/', exchange: 'shards', routingKeys: [key] });
const keys = Array.from({ length: 100 }, (_, at) => `key-${at}`);
const placeOf = (key: string, spread: typeof two): Place => ring.place(routed(key), spread);
const moving = keys.find((key) => placeOf(key, two).queue !== placeOf(key, four).queue) ?? '';
const staying = keys.find((key) => placeOf(key, two).queue === placeOf(key, four).queue) ?? '';

const began: Step = { ...two, switchAt: 0, markedAt: 0, drainedAt: 0 };
const grown: Step = { ...four, switchAt: 1, markedAt: 2 };

let made = 0;
function sent(key: string, version: number, { group }: Place, isMarker = false): SQSRecord {
  const encoded = encodeMessage(message({ exchange: 'shards', routingKeys: [key] }));
  const stamp = stampAttributes({ vhost: '/', exchange: 'shards', version, ...(isMarker && { marker: true }) });
  const record = recordOf({ ...encoded, MessageAttributes: { ...encoded.MessageAttributes, ...stamp } });
  return { ...record, messageId: `sqs-${++made}`, attributes: { ...record.attributes, MessageGroupId: group } };
}

/** Judges the last record of a batch of a queue's. */
async function judged(queue: string, batch: readonly SQSRecord[], store: MemoryPartitionStore) {
  const guard = guardOf(queue, batch, store);
  const last = batch.at(-1);
  return last && (await guard.judge(last));
}

/** All of them, one after another. */
async function allJudged(queue: string, batch: readonly SQSRecord[], store: MemoryPartitionStore) {
  const guard = guardOf(queue, batch, store);
  const judgements: string[] = [];
  for (const record of batch) judgements.push(await guard.judge(record));
  return judgements;
}

function guardOf(queue: string, batch: readonly SQSRecord[], store: MemoryPartitionStore) {
  const reader = createAssignmentReader({ ring, initial: 2, store, times: { maxAgeMs: 1 }, now: () => now });
  const guard = createPartitionGuard({ queue: { vhost: '/', name: queue }, ring, reader, store });
  guard.startInvocation({ Records: [...batch] });
  return guard;
}

async function storeOf(steps: readonly Step[], ...drained: [version: number, place: Place][]) {
  const store = new MemoryPartitionStore();
  const assignment: Assignment = { lines: ring.lines, steps };
  await store.read({ vhost: '/', name: 'shards' }, assignment);
  for (const [version, place] of drained) await store.noteDrained({ vhost: '/', name: 'shards' }, version, place);
  return store;
}

describe('a message of a key that has moved', () => {
  const [before, after] = [placeOf(moving, two), placeOf(moving, four)];
  const next = sent(moving, 1, after);

  it('waits for what is left where its key was, and for nothing else', async () => {
    const elsewhere: Place = { ...before, group: 'another' };

    expect(await judged(after.queue, [next], await storeOf([began, grown]))).toBe('held');
    expect(await judged(after.queue, [next], await storeOf([began, grown], [1, elsewhere]))).toBe('held');
    expect(await judged(after.queue, [next], await storeOf([began, grown], [1, before]))).toBe('go');
    expect(await judged(after.queue, [next], await storeOf([began, { ...grown, drainedAt: 3 }]))).toBe('go');
  });

  it('is handled where it was as long as nothing later is, and is past from then on', async () => {
    const last = sent(moving, 0, before);

    expect(await judged(before.queue, [last], await storeOf([began, grown]))).toBe('go');
    expect(await judged(before.queue, [last], await storeOf([began, grown], [1, before]))).toBe('past');
    expect(await judged(before.queue, [last], await storeOf([began, { ...grown, drainedAt: 3 }]))).toBe('past');
  });

  it('waits for every step that has moved it and is not drained', async () => {
    const shrunk: Step = { ...two, switchAt: 3, markedAt: 4 };
    const back = sent(moving, 2, before);
    const steps = [began, grown, shrunk];

    expect(await judged(before.queue, [back], await storeOf(steps, [1, before]))).toBe('held');
    expect(await judged(before.queue, [back], await storeOf(steps, [2, after]))).toBe('held');
    expect(await judged(before.queue, [back], await storeOf(steps, [1, before], [2, after]))).toBe('go');
  });

  it('proves by coming back that nothing is left of what was there before, though the marker was lost', async () => {
    const store = await storeOf([began, grown, { ...two, switchAt: 3, markedAt: 4 }]);

    await judged(before.queue, [sent(moving, 2, before)], store);

    expect(await judged(after.queue, [next], store)).toBe('go');
  });
});

describe('a message of a key that stays', () => {
  it('goes, whatever is left of others, and asks nobody again', async () => {
    const store = await storeOf([began, grown]);
    const place = placeOf(staying, two);

    expect(await judged(place.queue, [sent(staying, 0, place)], store)).toBe('go');
    expect(await judged(place.queue, [sent(staying, 1, place)], store)).toBe('go');
    // One to make the store, one each.
    expect(store.reads).toBe(3);
  });
});

describe('a message that came through no partitioned exchange', () => {
  it('goes, and asks nobody', async () => {
    const store = await storeOf([began]);
    const plain = recordOf(encodeMessage(message({ exchange: '', routingKeys: ['shard-0'] })));

    expect(await judged('shard-0', [plain], store)).toBe('go');
    expect(store.reads).toBe(1);
  });
});

describe('a marker', () => {
  const [before, after] = [placeOf(moving, two), placeOf(moving, four)];

  it('says that its group is drained when nothing of the group is in hand before it', async () => {
    const store = await storeOf([began, grown]);
    const other = sent(staying, 0, { ...before, group: 'another' });

    expect(await judged(before.queue, [other, sent('', 1, before, true)], store)).toBe('marker');
    expect(await judged(after.queue, [sent(moving, 1, after)], store)).toBe('go');
  });

  it('waits when something of its group is in hand before it: that may fail', async () => {
    const store = await storeOf([began, grown]);

    expect(await judged(before.queue, [sent(moving, 0, before), sent('', 1, before, true)], store)).toBe('held');
    expect(await judged(after.queue, [sent(moving, 1, after)], store)).toBe('held');
  });

  it('is known to what comes behind it in the same batch, whatever was read before it', async () => {
    const store = await storeOf([began, grown]);
    const isOfAnotherGroup = (place: Place): boolean => place.queue === before.queue && place.group !== before.group;
    const other = keys.find((key) => isOfAnotherGroup(placeOf(key, two)) && placeOf(key, four).queue !== before.queue);
    const leaving = sent(other ?? '', 0, placeOf(other ?? '', two));
    const batch = [leaving, sent('', 1, before, true), sent(moving, 0, before)];

    expect(await allJudged(before.queue, batch, store)).toEqual(['go', 'marker', 'past']);
  });
});
