import type { DynamoDBRecord } from 'aws-lambda';
import { createHandler, NotNotedError } from '../../../../lambdas/exception-notices/handler.ts';
import { InvalidStreamEventError, openedIn } from '../../../../lambdas/exception-notices/opened-rows.ts';
import { createHandler as createWatch } from '../../../../lambdas/on-call-watch/handler.ts';
import type { Opened } from '../../../../lambdas/shared/notices/notice-changes.ts';
import { CountingMeter, rejectionOf, silentLog } from '../builders.ts';
import { at, MemoryExceptions, MemoryNotices, MemoryTopic, opened, times } from '../shared/notices/notices.ts';

/** What the stream says of a row that is open now, and was as `before` says. */
function record({ at: last_at, ...row }: Opened, before?: string, after = 'open'): DynamoDBRecord {
  const attributes = { ...row, last_at, state: after, body: '{"payer":"secret"}', error_message: 'secret words' };
  return {
    eventName: before === undefined ? 'INSERT' : 'MODIFY',
    dynamodb: {
      NewImage: Object.fromEntries(Object.entries(attributes).map(([name, S]) => [name, { S: String(S) }])),
      ...(before !== undefined && { OldImage: { state: { S: before } } }),
    },
  };
}

function given() {
  const notices = new MemoryNotices();
  const exceptions = new MemoryExceptions();
  const onCall = new MemoryTopic();
  let [seconds, ids] = [0, 0];
  const deps = {
    ...{ notices, exceptions, onCall, escalation: onCall, stage: 'prod', times, log: silentLog },
    meter: new CountingMeter(),
    now: () => at(seconds),
    newId: () => `id-${++ids}`,
  };
  const handle = createHandler(deps);
  /** They are stored, and the stream tells of them. */
  const come = (...rows: Opened[]) => {
    for (const row of rows) exceptions.add(row);
    return handle({ Records: rows.map((row) => record(row)) });
  };
  return {
    ...{ notices, exceptions, onCall, deps, come },
    again: (...rows: Opened[]) => handle({ Records: rows.map((row) => record(row)) }),
    watch: () => createWatch(deps)({}),
    clock: (now: number) => {
      seconds = now;
    },
    subjects: () => onCall.told.map(({ subject }) => subject),
  };
}

const many = (count: number, from: number, changes: Partial<Opened> = {}): [Opened, ...Opened[]] => [
  opened(from, changes),
  ...Array.from({ length: count - 1 }, (_, n) =>
    opened(from, { event_id: `${changes.fingerprint ?? ''}-${from}-${n}`, ...changes }),
  ),
];

describe('the rows a stream tells of', () => {
  it('count when they are open now and were not before', () => {
    const row = opened(0);

    expect(openedIn({ Records: [record(row), record(row, 'resolved'), record(row, 'replaying')] })).toHaveLength(3);
    expect(openedIn({ Records: [record(row, 'open'), record(row, 'open', 'discarded')] })).toEqual([]);
    expect(openedIn({ Records: [{ eventName: 'REMOVE', dynamodb: { OldImage: { state: { S: 'open' } } } }] })).toEqual(
      [],
    );
  });

  it('keep nothing of the message, and no words of its error', () => {
    expect(openedIn({ Records: [record(opened(0))] })).toEqual([opened(0)]);
  });

  it('are told of although they were put by hand', () => {
    const NewImage = { event_id: { S: 'x' }, source: { S: 'outbox' }, state: { S: 'open' } };

    expect(openedIn({ Records: [{ dynamodb: { NewImage, ApproximateCreationDateTime: 1 } }] })).toMatchObject([
      { event_id: 'x', fingerprint: 'none', place: 'outbox', at: '1970-01-01T00:00:01.000Z' },
    ]);
  });

  it('are none in an event that is none of a stream', () => {
    expect(() => openedIn(JSON.parse('{}'))).toThrow(InvalidStreamEventError);
  });
});

describe('one notice per fingerprint and window', () => {
  it('comes for 1,000 rows of three kinds in ten batches: three notices', async () => {
    const { come, subjects, watch, clock } = given();
    for (let batch = 0; batch < 10; batch++) {
      clock(batch);
      await come(...['a', 'b', 'c'].flatMap((fingerprint) => many(34, batch, { fingerprint })).slice(0, 100));
    }
    await watch();

    expect(subjects()).toHaveLength(3);
  });

  it('says how many there are, those included that the index does not know yet', async () => {
    const { come, subjects, exceptions } = given();
    await come(...many(12, 0));

    expect(subjects()).toEqual(["Warren prod: 12 messages failed: TypeError in queue 'orders.payments'"]);

    const late = given();
    await late.again(opened(0));
    expect(late.exceptions.rows).toEqual([]);
    expect(late.subjects()).toMatchObject([expect.stringContaining('1 message failed')]);
    expect(exceptions.rows).toHaveLength(12);
  });

  it('is followed at the end of the window by one that says how many came since', async () => {
    const { come, watch, clock, onCall } = given();
    await come(opened(0));
    clock(100);
    await come(...many(400, 100));
    clock(3_599);
    await watch();
    expect(onCall.told.filter(({ subject }) => subject.startsWith('Warren'))).toHaveLength(1);
    clock(3_600);
    await watch();

    expect(onCall.told.at(-1)).toMatchObject({
      subject: expect.stringContaining('400 messages failed'),
      text: expect.stringContaining('since 2026-11-27 10:01:40 UTC'),
    });
  });

  it('is followed by none when nothing came since', async () => {
    const { come, again, clock, subjects, deps, notices } = given();
    await come(opened(0));
    clock(5);
    await again(opened(0));
    clock(3_600);
    await createWatch({ ...deps, escalation: new MemoryTopic() })({});

    expect(subjects()).toHaveLength(1);
    expect(notices.rows.get('a1b2c3d4e5f6')).toMatchObject({ untold: 0 });
  });

  it('comes once though two shards tell at the same moment', async () => {
    const { exceptions, again, subjects } = given();
    const [one, other] = [opened(0), opened(1)];
    for (const row of [one, other]) exceptions.add(row);

    await Promise.all([again(one), again(other)]);

    expect(subjects()).toHaveLength(1);
  });
});

describe('a notice that cannot be sent', () => {
  it('does not stop the stream, nor the notices beside it; the watch sends it', async () => {
    const { come, onCall, watch, subjects } = given();
    onCall.failure = new Error('SNS is down');
    await come(opened(0, { fingerprint: 'a' }), opened(0, { fingerprint: 'b' }));
    expect(subjects()).toHaveLength(1);
    await watch();

    expect(subjects()).toHaveLength(2);
  });
});

describe('what cannot be written down', () => {
  it('makes the stream hand its batch over again, and the others of it are told', async () => {
    const { deps, notices, onCall } = given();
    const failing = {
      ...deps,
      notices: Object.assign(Object.create(notices), {
        get: (fingerprint: string) => (fingerprint === 'a' ? Promise.reject(new Error('DynamoDB')) : undefined),
      }),
    };
    const error = await rejectionOf(
      createHandler(failing)({ Records: ['a', 'b'].map((fingerprint) => record(opened(0, { fingerprint }))) }),
    );

    expect(error).toBeInstanceOf(NotNotedError);
    expect(error).toMatchObject({ message: 'not noted: a' });
    expect(onCall.told).toHaveLength(1);
  });
});

describe('a crash at any await', () => {
  /** From the n-th call on, nothing of it happens and no answer comes: the process is dead. */
  class Crash extends Error {}

  async function diedAt(n: number) {
    const world = given();
    let calls = 0;
    const mortal = <T extends object>(port: T): T =>
      new Proxy(port, {
        get(target, name) {
          const value = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            if (++calls >= n) throw new Crash();
            return value.apply(target, args);
          };
        },
      });
    const { deps, exceptions } = world;
    const rows = many(3, 0);
    for (const row of rows) exceptions.add(row);
    const dead = {
      ...deps,
      notices: mortal(deps.notices),
      exceptions: mortal(exceptions),
      onCall: mortal(deps.onCall),
    };
    await createHandler(dead)({ Records: rows.map((row) => record(row)) }).catch(() => {});
    return { ...world, rows, isOver: calls < n };
  }

  it('loses no notice: the stream and the watch send it, twice at most, if it died between the send and its mark', async () => {
    const sent: number[] = [];
    for (let n = 1; ; n++) {
      const { again, watch, clock, rows, onCall, isOver, subjects } = await diedAt(n);
      const before = onCall.told.length;
      await again(...rows);
      clock(61);
      await watch();
      await again(...rows);
      sent.push(subjects().length);
      expect(onCall.told.length).toBeGreaterThanOrEqual(1);
      // Repeated only when it was sent and not marked.
      expect(onCall.told.length).toBeLessThanOrEqual(before + 1);
      if (isOver) break;
    }

    expect(sent.length).toBeGreaterThan(5);
    expect(sent.at(-1)).toBe(1);
  });
});
