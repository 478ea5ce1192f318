import {
  parseAt,
  parseWindow,
  parseZone,
  scheduleOf,
  untilOpen,
} from '../../../../bin/warren/exceptions/time-window.ts';

const hour = 3_600_000;
const at = (text: string) => Date.parse(text);
const night = scheduleOf({ window: parseWindow('01:00-06:00'), timezone: 'Asia/Shanghai' }, 0);

describe('a window of the day', () => {
  it.each([
    // Shanghai is eight hours ahead.
    ['2026-11-26T16:59:00Z', 60_000],
    ['2026-11-26T17:00:00Z', 0],
    ['2026-11-26T21:59:59Z', 0],
    ['2026-11-26T22:00:00Z', 19 * hour],
    ['2026-11-26T16:59:30.5Z', 29_500],
  ])('at %s opens in %i ms', (now, wait) => {
    expect(untilOpen(night, at(now))).toBe(wait);
  });

  it('may go over midnight, and half hours of a zone count', () => {
    const late = scheduleOf({ window: parseWindow('22:30-04:00'), timezone: 'Asia/Kolkata' }, 0);

    // 17:00 UTC is 22:30 in India.
    expect(untilOpen(late, at('2026-11-26T16:00:00Z'))).toBe(hour);
    expect(untilOpen(late, at('2026-11-26T17:00:00Z'))).toBe(0);
    expect(untilOpen(late, at('2026-11-26T22:29:00Z'))).toBe(0);
    expect(untilOpen(late, at('2026-11-26T22:30:00Z'))).toBe(18.5 * hour);
  });

  it('goes by the clocks of its zone when they are changed', () => {
    const berlin = scheduleOf({ window: parseWindow('01:00-06:00'), timezone: 'Europe/Berlin' }, 0);

    // On 29 March 2026 two o'clock was three.
    expect(untilOpen(berlin, at('2026-03-28T00:30:00Z'))).toBe(0);
    expect(untilOpen(berlin, at('2026-03-29T03:59:00Z'))).toBe(0);
    expect(untilOpen(berlin, at('2026-03-29T04:00:00Z'))).toBe(19 * hour);
  });

  it('does not begin before its time', () => {
    const later = { ...night, at: parseAt('2026-11-27T02:00+08:00') };

    expect(untilOpen(later, at('2026-11-26T17:00:00Z'))).toBe(hour);
    expect(untilOpen({ at: parseAt('2026-11-26T17:00Z') }, at('2026-11-26T17:00:00Z'))).toBe(0);
    expect(untilOpen({}, 0)).toBe(0);
  });

  it.each(['', '1:00-6:00', '01:00', '01:00-24:00', '01:60-02:00', '01:00-01:00', '01:00 - 06:00', 'night'])(
    'is not "%s"',
    (text) => {
      expect(() => parseWindow(text)).toThrow('as 01:00-06:00');
    },
  );

  it('has a zone that there is, and a time says its own', () => {
    expect(() => parseZone('Asia/Nowhere')).toThrow('A time zone as');
    for (const text of ['03:00', '2026-11-28T01:00', '2026-11-28', '2026-11-28T25:00Z'])
      expect(() => parseAt(text)).toThrow('with its zone');
    expect(() => scheduleOf({ window: parseWindow('01:00-06:00') }, 0)).toThrow('say in which time zone');
    expect(() => scheduleOf({ timezone: 'UTC' }, 0)).toThrow('--timezone is of a --window');
  });
});
