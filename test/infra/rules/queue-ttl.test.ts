import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { ttlTag } from '../../../lib/ttl-tag.ts';
import { errorOf } from '../../unit/lambdas/builders.ts';
import { warrenApp, withoutBuiltInValidation } from '../support/warren-app.ts';
import { DAY, wellFormedApp } from './well-formed-app.ts';

withoutBuiltInValidation();

/** Of the queue that keeps messages for four days, with a margin of one. */
function violationsWith(ttl: string, retention = 4 * DAY) {
  const { app, cfnQueue } = wellFormedApp();
  cfnQueue.messageRetentionPeriod = retention;
  cfnQueue.tags.setTag(ttlTag, ttl);
  return violationsIn(app).filter(({ rule }) => rule === 'Warren-QueueTtl');
}

describe('the retention of a queue whose expired messages are dead-lettered', () => {
  it('is at least the TTL and the margin', () => {
    expect(violationsWith(String(3 * DAY * 1000))).toEqual([]);
    // A quarter of a short one.
    expect(violationsWith(String(3 * 3_600_000), 4 * 3_600)).toEqual([]);
  });

  it('is refused when it is a second less, with both values and what to do', () => {
    const [violation, ...others] = violationsWith(String((3 * DAY + 1) * 1000));

    expect(others).toEqual([]);
    expect(violation).toMatchObject({
      path: 'Stateful/Orders/Resource',
      problem: expect.stringMatching(/259201 s.*345600 s.*86400 s/),
      fix: expect.stringMatching(/at most 259200000 ms/),
    });
    expect(violationsWith(String(3 * 3_600_000 + 1), 4 * 3_600)).toHaveLength(1);
  });

  it('cannot be judged when the TTL is not known', () => {
    expect(violationsWith('soon')).toMatchObject([{ problem: expect.stringContaining('not known at synth') }]);
  });
});

describe('a topology whose consumed queue has a TTL and a dead-letter exchange', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warren-ttl-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => jest.restoreAllMocks());

  function synthWith(ttlMs: number): unknown {
    const topology = path.join(folder, `${ttlMs}.json`);
    const exchange = { name: 'dead', vhost: '/', type: 'fanout', durable: true, auto_delete: false, internal: false };
    const work = {
      name: 'work',
      vhost: '/',
      durable: true,
      arguments: { 'x-message-ttl': ttlMs, 'x-dead-letter-exchange': 'dead' },
    };
    writeFileSync(topology, JSON.stringify({ exchanges: [exchange], queues: [work] }));
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    return errorOf(() => warrenApp('dev', { topology, consumed: '%2F/work' }).synth());
  }

  it('is refused at synth when SQS would delete messages before they expire', () => {
    expect(String(synthWith(12 * DAY * 1000 + 1))).toMatch(/Warren-QueueTtl at .*1123200 s/);
  });
});
