import { createHandler, WatchIncompleteError } from '../../../../lambdas/on-call-watch/handler.ts';
import { acknowledge } from '../../../../lambdas/shared/notices/acknowledge.ts';
import { CountingMeter, rejectionOf, silentLog } from '../builders.ts';
import { at, MemoryExceptions, MemoryNotices, MemoryTopic, opened, row, times } from '../shared/notices/notices.ts';

function given() {
  const notices = new MemoryNotices();
  const exceptions = new MemoryExceptions();
  const [onCall, escalation] = [new MemoryTopic(), new MemoryTopic()];
  const meter = new CountingMeter();
  let [seconds, ids] = [0, 0];
  const handle = createHandler({
    ...{ notices, exceptions, onCall, escalation, stage: 'prod', times, log: silentLog, meter },
    now: () => at(seconds),
    newId: () => `id-${++ids}`,
  });
  const noticed = row(0);
  notices.rows.set(noticed.fingerprint, noticed);
  exceptions.add(opened(0));
  return {
    ...{ notices, exceptions, onCall, escalation, noticed },
    async watchAt(now: number, event: unknown = {}) {
      seconds = now;
      await handle(event);
    },
    beats: () => meter.counts.filter(([metric]) => metric === 'OnCallHeartbeat').length,
  };
}

describe('a notice that nobody acknowledges', () => {
  it('is escalated every half hour, as long as something is open', async () => {
    const { watchAt, escalation, onCall, exceptions } = given();
    for (let minute = 1; minute <= 65; minute++) await watchAt(minute * 60);

    expect(escalation.told).toHaveLength(2);
    expect(onCall.told).toEqual([]);
    exceptions.rows.splice(0);
    for (let minute = 66; minute <= 200; minute++) await watchAt(minute * 60);
    expect(escalation.told).toHaveLength(2);
  });

  it('is no longer escalated once it is acknowledged', async () => {
    const { watchAt, escalation, notices, noticed } = given();

    expect(await acknowledge(notices, noticed.fingerprint, { who: 'lin', why: 'on it' }, at(900))).toBe(true);
    expect(await acknowledge(notices, noticed.fingerprint, { who: 'wu', why: 'me too' }, at(901))).toBe(false);
    await watchAt(9_999);

    expect(escalation.told).toEqual([]);
  });

  it('is escalated again in a minute when it could not be, and there is no heartbeat meanwhile', async () => {
    const { watchAt, escalation, beats } = given();
    escalation.failure = new Error('SNS is down');

    expect(await rejectionOf(watchAt(1_800))).toBeInstanceOf(WatchIncompleteError);
    expect(beats()).toBe(0);
    await watchAt(1_860);

    expect(escalation.told).toHaveLength(1);
    expect(beats()).toBe(1);
  });

  it('is escalated once although two watches run at a time', async () => {
    const { watchAt, escalation } = given();
    await Promise.all([watchAt(1_800), watchAt(1_800)]);

    expect(escalation.told).toHaveLength(1);
  });
});

describe('the heartbeat', () => {
  it('comes with every run that went well', async () => {
    const { watchAt, beats, onCall, escalation } = given();
    await watchAt(60);
    await watchAt(120);

    expect(beats()).toBe(2);
    expect([...onCall.told, ...escalation.told]).toEqual([]);
  });

  it.each(['onCall', 'escalation'] as const)('does not come when nobody listens to %s', async (topic) => {
    const world = given();
    world[topic].listeners = 0;
    await world.watchAt(60, { tellsHeartbeat: true });

    expect(world.beats()).toBe(0);
    expect(world.escalation.told).toEqual([]);
  });

  it('does not come when the notices cannot be read', async () => {
    const { watchAt, notices, beats } = given();
    notices.all = () => {
      throw new Error('DynamoDB is down');
    };
    await rejectionOf(watchAt(60));

    expect(beats()).toBe(0);
  });

  it('is told to a person when the schedule asks for it', async () => {
    const { watchAt, escalation } = given();
    await watchAt(60, { tellsHeartbeat: true });

    expect(escalation.told).toMatchObject([{ subject: 'Warren prod: on-call hears' }]);
  });
});
