import { createHandler } from '../../../../lambdas/replay/handler.ts';
import type { ReplayOutcome } from '../../../../lambdas/shared/exceptions/replay-contract.ts';
import { CountingMeter, lambdaContext, silentLog } from '../builders.ts';

const row = (event_id: string, lane?: string) => ({
  event_id,
  source: "queue 'orders' abc",
  version: 1,
  state: 'parked',
  ...(lane !== undefined && { lane }),
});

/** The later in its lane, the sooner it would be over, if nothing made it wait. */
function given(outcomeOf: (eventId: string) => ReplayOutcome = () => 'sent') {
  const ended: string[] = [];
  const handler = createHandler({
    async replay({ event_id }) {
      await new Promise((resolve) => setTimeout(resolve, 20 - Number(event_id.slice(1))));
      ended.push(event_id);
      return { outcome: outcomeOf(event_id) };
    },
    log: silentLog,
    meter: new CountingMeter(),
  });
  const run = (rows: readonly object[]) =>
    handler({ replay_id: '019ac0f6-0000-7000-8000-000000000001', who: 'lin', why: 'x', rows }, lambdaContext());
  return { ended, run };
}

describe('messages that are replayed', () => {
  it('are sent one after another in a lane, and beside each other in several', async () => {
    const { ended, run } = given();
    const rows = Array.from({ length: 12 }, (_, at) => row(`${'abc'.charAt(at % 3)}${at}`, `lane ${at % 3}`));

    const answer = await run(rows);

    expect(answer.rows.map(({ event_id }) => event_id)).toEqual(rows.map(({ event_id }) => event_id));
    for (const key of 'abc') {
      const own = (ids: readonly string[]) => ids.filter((id) => id.startsWith(key));
      expect(own(ended)).toEqual(own(rows.map(({ event_id }) => event_id)));
    }
    expect(ended[1]).not.toBe('a3');
  });

  it('do not overtake one of their lane that was not sent, and others go on', async () => {
    const { ended, run } = given((eventId) => (eventId === 'a2' ? 'failed' : 'sent'));

    const { rows } = await run([row('a1', 'a'), row('a2', 'a'), row('b3', 'b'), row('a4', 'a'), row('c5')]);

    expect(rows.map(({ outcome }) => outcome)).toEqual(['sent', 'failed', 'sent', 'behind', 'sent']);
    expect(ended).not.toContain('a4');
  });
});
