import { execFileSync } from 'node:child_process';
import type { Found } from '../../../../../lambdas/shared/notices/found-exceptions.ts';
import { escalationText, noticeText } from '../../../../../lambdas/shared/notices/notice-text.ts';
import { quoted, subjectOf } from '../../../../../lambdas/shared/notices/plain-text.ts';
import { at, opened, row } from './notices.ts';

const context = { stage: 'prod', quietUntil: at(3_600), escalatedAt: at(1_800) };
const found = (changes: Partial<Found> = {}): Found => ({
  ...{ total: 40, untold: 37, open: 35, first: opened(0), last: opened(9), isPart: false },
  ...changes,
});

describe('a notice', () => {
  it('says what, how many, who is hurt, two examples, and what to paste', () => {
    expect(noticeText(row(0), found(), context)).toEqual({
      subject: "Warren prod: 37 messages failed: TypeError in queue 'orders.payments'",
      text: `Warren prod: 37 messages failed since 2026-11-27 10:00:00 UTC: TypeError in queue 'orders.payments'.
35 messages of this kind wait for you.
Impact: Customers have paid, and their orders are still PAYING.

First: event-0, order:0, 2026-11-27 10:00:00 UTC
Last: event-9, order:9, 2026-11-27 10:00:09 UTC

Look:
  npx warren exceptions list --stage prod --fingerprint a1b2c3d4e5f6
  npx warren exceptions show --stage prod event-0
When its cause is repaired, send them again:
  npx warren exceptions replay --stage prod --fingerprint a1b2c3d4e5f6 --reason "..."
What to do: docs/operations.md#when-a-notice-comes

Quiet until 2026-11-27 11:00:00 UTC. Escalated at 2026-11-27 10:30:00 UTC, unless somebody says that they see to it:
  npx warren exceptions acknowledge --stage prod --fingerprint a1b2c3d4e5f6 --reason "..."`,
    });
  });

  it('of one message has one example', () => {
    const { text } = noticeText(row(0), found({ untold: 1, open: 1, last: opened(0) }), context);

    expect(text).toContain('1 message failed');
    expect(text).toContain('1 message of this kind waits for you');
    expect(text).toContain('\nMessage: event-0');
  });

  it('says when nobody counted to the end, and when nobody has declared who is hurt', () => {
    const { text } = noticeText(row(0, { impact: undefined }), found({ untold: 10_000, isPart: true }), context);

    expect(text).toContain('10000 or more messages');
    expect(text).toContain('Impact: not declared for this place');
  });

  it('has a subject that SNS takes, whatever a queue is called', () => {
    const { subject } = noticeText(row(0, { place: `queue '支付\n${'x'.repeat(200)}'` }), found(), context);

    expect(subject).toMatch(/^[ -~]{100}$/);
    expect(subjectOf('short')).toBe('short');
  });

  it.each(["';touch /tmp/x;'", '$(id)', '`id`', 'a b', '--yes', '支付', "it's", ''])(
    'names the event %j so that it can be pasted into a shell',
    (event_id) => {
      const { text } = noticeText(row(0), found({ first: opened(0, { event_id }) }), context);
      const [, word = ''] = /exceptions show --stage prod (.*)/.exec(text) ?? [];

      expect(execFileSync('sh', ['-c', `printf %s ${word}`], { encoding: 'utf8' })).toBe(event_id);
    },
  );

  it('keeps what a producer has named in its line', () => {
    expect(quoted('a\nrm -rf x')).toBe("'a?rm -rf x'");
    const { text } = noticeText(row(0), found({ first: opened(0, { event_id: 'a\nImpact: none' }) }), context);
    expect(text).not.toMatch(/^Impact: none/m);
  });
});

describe('an escalation', () => {
  it('says since when nobody has acknowledged, how many wait, and how to end it', () => {
    const { subject, text } = escalationText(
      { ...row(0), alerted_at: at(0).toISOString() },
      { open: 35, isPart: false },
      context,
    );

    expect(subject).toBe("ESCALATION Warren prod: 35 messages unattended: TypeError in queue 'orders.payments'");
    expect(text).toContain('nobody has acknowledged what on-call was told at 2026-11-27 10:00:00 UTC');
    expect(text).toContain('npx warren exceptions acknowledge --stage prod --fingerprint a1b2c3d4e5f6');
  });
});
