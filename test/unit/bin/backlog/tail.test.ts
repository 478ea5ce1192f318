import type { ListedException } from '../../../../lambdas/shared/exceptions/exception-row.ts';
import { deployedQueue, depthOf, MemoryStage, operate } from './stage-in-memory.ts';

const orders = deployedQueue('orders', 12);

function row(event_id: string, last_at: string, more: Partial<ListedException> = {}): ListedException {
  return {
    event_id,
    source: "queue 'orders'",
    place: "queue 'orders'",
    state: 'open',
    reason: 'rejected',
    error_name: 'PermanentError',
    error_message: 'the amount is another one',
    fingerprint: 'abc',
    occurrences: 1,
    version: 1,
    created_at: last_at,
    last_at,
    ...more,
  };
}

/** Stops after so many pauses. */
function givenStage(pauses: number, onPause: (pause: number, stage: MemoryStage) => void = () => {}): MemoryStage {
  const stage = new MemoryStage([orders], []);
  let pause = 0;
  stage.onPause = () => {
    pause += 1;
    onPause(pause, stage);
    if (pause === pauses) stage.stop.abort();
  };
  return stage;
}

describe('warren tail', () => {
  it('shows the counts every few seconds until Ctrl-C, and says why no message is shown', async () => {
    const stage = givenStage(3, (pause, { setDepth }) => setDepth.call(stage, 'orders', depthOf(12 - pause, pause)));

    const { status, stdout, stderr } = await operate(stage, ['tail', 'orders']);

    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      '2026-11-27T03:00:00.000Z  waiting 12  in flight 0  delayed 0  oldest -  in -/min  out -/min',
      '2026-11-27T03:00:05.000Z  waiting 11  in flight 1  delayed 0  oldest -  in -/min  out -/min',
      '2026-11-27T03:00:10.000Z  waiting 10  in flight 2  delayed 0  oldest -  in -/min  out -/min',
      '',
    ]);
    expect(stderr).toContain('SQS shows no message without receiving it, and a receive counts as a delivery');
  });

  it('tells each open exception of the queue once, as it opens, and again when it comes back', async () => {
    const stage = givenStage(4, (pause, { rows }) => {
      if (pause === 1) rows.push(row('B', '2026-11-27T03:00:04Z', { business_key: 'T-1' }));
      // Found late: its index lags behind.
      if (pause === 2) rows.push(row('C', '2026-11-27T03:00:01Z'));
      if (pause === 3) rows.push(row('B', '2026-11-27T03:00:14Z', { occurrences: 2 }));
    });
    stage.rows.push(
      row('A', '2026-11-26T00:00:00Z'),
      row('done', '2026-11-26T00:00:00Z', { state: 'resolved' }),
      row('elsewhere', '2026-11-26T00:00:00Z', { place: "queue 'ledger'" }),
    );
    stage.rows.sort((one) => (one.event_id === 'A' ? -1 : 1));

    const { stdout } = await operate(stage, ['tail', 'orders', '--json']);

    const looks = stdout.trimEnd().split('\n');
    const told = looks.map((look) =>
      JSON.parse(look).exceptions.map(({ event_id, occurrences }: ListedException) => `${event_id} ${occurrences}×`),
    );
    expect(told).toEqual([['A 1×'], ['B 1×'], ['C 1×'], ['B 2×']]);
  });

  it('looks once with --once', async () => {
    const stage = givenStage(99);
    stage.rows.push(row('A', '2026-11-26T00:00:00Z', { business_key: 'T-1' }));

    const { stdout } = await operate(stage, ['tail', 'orders', '--once']);

    expect(stdout.split('\n').slice(1)).toEqual([
      '  exception A T-1  2026-11-26T00:00:00Z  rejected, 1×: PermanentError: the amount is another one',
      '',
    ]);
  });
});
