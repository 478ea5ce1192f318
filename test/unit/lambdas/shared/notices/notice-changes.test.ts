import {
  acknowledged,
  claimed,
  dueIn,
  escalated,
  noted,
  noticed,
  released,
} from '../../../../../lambdas/shared/notices/notice-changes.ts';
import { at, opened, row, times } from './notices.ts';

const time = (seconds: number) => ({ now: at(seconds), times });
const by = { who: 'lin', why: 'the bank is down' };

describe('exceptions that come up', () => {
  it('claim the notice when they are the first of their kind', () => {
    const noticeRow = noted(undefined, [opened(2), opened(1)], 'me', time(5));

    expect(noticeRow).toMatchObject({
      untold: 2,
      untold_from: at(1).toISOString(),
      counted_from: at(1).toISOString(),
      first: { event_id: 'event-1', business_key: 'order:1' },
      last: { event_id: 'event-2' },
      alerted_at: at(5).toISOString(),
      sending: { kind: 'notice', id: 'me', until: at(65).toISOString() },
    });
  });

  it('are only noted within the window of a notice', () => {
    const noticeRow = noted(row(0), [opened(10)], 'me', time(11));

    expect(noticeRow).toMatchObject({ untold: 1, first: { event_id: 'event-10' }, last: { event_id: 'event-10' } });
    expect(noticeRow.sending).toBeUndefined();
  });

  it('keep the first and the last of those that no notice has told of', () => {
    const before = noted(row(0), [opened(10)], 'me', time(11));

    expect(noted(before, [opened(20), opened(15)], 'me', time(21))).toMatchObject({
      first: { event_id: 'event-10' },
      last: { event_id: 'event-20' },
    });
  });

  it('claim the next notice when the window is over', () => {
    expect(noted(row(0), [opened(3_600)], 'me', time(3_600))).toMatchObject({
      sending: { id: 'me' },
      first: { event_id: 'event-3600' },
      // It was quiet: counting begins anew.
      ...{ told: 0, counted_from: at(3_600).toISOString() },
    });
  });

  it('go on being counted as long as it is never quiet for a window', () => {
    expect(noted(row(0, { untold: 1, told: 7 }), [opened(3_600)], 'me', time(3_600))).toMatchObject({
      ...{ sending: { id: 'me' }, told: 7, untold: 2, counted_from: at(0).toISOString() },
    });
  });

  it('are told after the window although the clock they were written by is slow', () => {
    expect(noted(row(0), [opened(-7_200)], 'me', time(4_000))).toMatchObject({
      untold_from: at(-7_200).toISOString(),
      sending: { id: 'me' },
    });
  });

  it('do not claim what another is sending, until that must be dead', () => {
    const sending = noted(undefined, [opened(0)], 'other', time(1));

    expect(noted(sending, [opened(2)], 'me', time(60))).toMatchObject({ sending: { id: 'other' }, untold: 2 });
    expect(noted(sending, [opened(2)], 'me', time(61))).toMatchObject({ sending: { id: 'me' } });
  });
});

describe('a notice that was sent', () => {
  const sending = claimed(row(0, { untold: 1 }), 'notice', 'me', time(4_000));
  const told = { noted: 1, total: 3, until: at(0).toISOString() };

  it('opens a window, and lets go', () => {
    expect(noticed(sending, 'me', told, time(4_001))).toMatchObject({
      told: 3,
      untold: 0,
      untold_from: '2026-11-27T10:00:00.001Z',
      window_ends_at: at(4_001 + times.window).toISOString(),
      expires_at: at(4_001 + times.keep).getTime() / 1000,
    });
    expect(noticed(sending, 'me', told, time(4_001))?.sending).toBeUndefined();
  });

  it('leaves untold what came while it was sent', () => {
    const meanwhile = noted(sending, [opened(4_000)], 'other', time(4_000));

    expect(noticed(meanwhile, 'me', told, time(4_001))).toMatchObject({ untold: 1 });
  });

  it('marks nothing when another has taken over', () => {
    expect(noticed(sending, 'other', told, time(4_001))).toBeUndefined();
    expect(released(sending, 'other')).toBeUndefined();
    expect(escalated(sending, 'other', time(4_001))).toBeUndefined();
  });
});

describe('due is', () => {
  it('a notice of what came in the window, at its end and not before', () => {
    const untold = row(0, { untold: 1, alerted_at: undefined });

    expect(dueIn(untold, time(3_599))).toBeUndefined();
    expect(dueIn(untold, time(3_600))).toBe('notice');
  });

  it('a notice whose sender has died, once its claim is over', () => {
    const claim = noted(undefined, [opened(0)], 'dead', time(0));

    expect(dueIn(claim, time(59))).toBeUndefined();
    expect(dueIn(claim, time(60))).toBe('notice');
  });

  it('an escalation of what nobody has acknowledged, again and again', () => {
    expect(dueIn(row(0), time(1_799))).toBeUndefined();
    expect(dueIn(row(0), time(1_800))).toBe('escalation');
    const once = escalated(claimed(row(0), 'escalation', 'me', time(1_800)), 'me', time(1_800));
    expect(once && dueIn(once, time(3_599))).toBeUndefined();
    expect(once && dueIn(once, time(3_600))).toBe('escalation');
  });

  it('nothing for what is told and acknowledged, however long ago', () => {
    const seen = acknowledged(row(0), by, at(60));

    expect(seen && dueIn(seen, time(99_999))).toBeUndefined();
  });
});

describe('a failure that goes on unacknowledged', () => {
  it('is escalated by its first notice: the next ones do not put that off', () => {
    const again = claimed(row(0, { untold: 1 }), 'notice', 'me', time(1_700));

    expect(noticed(again, 'me', { noted: 1, total: 2, until: at(1_700).toISOString() }, time(1_701))).toMatchObject({
      alerted_at: at(0).toISOString(),
    });
  });
});

describe('an acknowledgement', () => {
  it('tells who, why and when, and ends the escalation', () => {
    const seen = acknowledged(row(0, { escalated_at: at(1_800).toISOString() }), by, at(2_000));

    expect(seen?.history).toEqual([{ at: at(2_000).toISOString(), act: 'acknowledge', ...by }]);
    expect(seen).not.toHaveProperty('alerted_at');
    expect(seen).not.toHaveProperty('escalated_at');
  });

  it('is refused where on-call waits for nobody', () => {
    expect(acknowledged(undefined, by, at(0))).toBeUndefined();
    expect(acknowledged(row(0, { alerted_at: undefined }), by, at(0))).toBeUndefined();
  });

  it('while it is escalated wins', () => {
    const seen = acknowledged(claimed(row(0), 'escalation', 'me', time(1_800)), by, at(1_801));

    expect(escalated(seen, 'me', time(1_802))).toMatchObject({ escalated_at: undefined });
  });

  it('is no longer one for the next notice', () => {
    const seen = acknowledged(row(0), by, at(60));

    expect(noted(seen, [opened(3_700)], 'me', time(3_700))).toMatchObject({ alerted_at: at(3_700).toISOString() });
  });

  it('leaves the newest fifty in the history', () => {
    const acts = Array.from({ length: 50 }, (_, n) => ({ at: `${n}`, act: 'acknowledge', ...by }));

    const seen = acknowledged(row(0, { history: acts }), by, at(1));

    expect(seen?.history).toHaveLength(50);
    expect(seen?.history[0]).toMatchObject({ at: '1' });
  });
});
