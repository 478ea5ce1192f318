import { ParkNotAnsweredError } from '../../../../bin/warren/backlog/stage.ts';
import { circuitRow } from '../../../contracts/dynamodb/circuits.ts';
import { deployedQueue, depthOf, MemoryStage, mappingOf, operate } from '../backlog/stage-in-memory.ts';

const url = deployedQueue('orders').url;

function given(waiting: number, state = 'Disabled') {
  const queue = deployedQueue('orders', waiting);
  const stage = new MemoryStage([queue, deployedQueue('ledger', 7)], [mappingOf('orders', queue, { state })]);
  stage.limits.set(url, 22);
  const park = (...more: string[]) =>
    operate(stage, ['exceptions', 'park', 'orders', '--reason', 'it is full', ...more]);
  return {
    stage,
    park,
    json: async (...more: string[]) => JSON.parse((await park('--yes', '--json', ...more)).stdout),
  };
}

describe('warren exceptions park', () => {
  it('moves what waits when it was asked, and says where it is and how it is sent again', async () => {
    const { stage, park } = given(1_200);

    const { status, stdout } = await park('--yes');

    expect(status).toBe(0);
    expect(stdout).toContain("1,200 messages of 'orders' are parked. In the queue now: 0 wait");
    expect(stdout).toContain("npx warren exceptions replay --stage dev --state parked --queue orders --reason '…'");
    expect(stage.parkRequests.map(({ most }) => most)).toEqual([500, 500, 200]);
    expect(stage.parkRequests[0]).toMatchObject({
      who: 'arn:aws:iam::1:user/ada',
      why: 'it is full',
      queue: { vhost: '/', name: 'orders' },
      sent_until: '2026-11-27T03:00:00.000Z',
    });
  });

  it('tells one message as one', async () => {
    const { stage, park } = given(2);
    stage.onPark = async () => {
      stage.setDepth('orders', depthOf(1, 1, 1));
      return { parked: 1, not_stored: 1 };
    };

    expect((await park('--yes')).stdout).toContain(
      "1 message of 'orders' is parked. In the queue now: 1 waits, 1 is in flight, 1 is delayed.",
    );
  });

  it('is on record before anything is moved, and lifts the limit of receives only meanwhile', async () => {
    const { stage, park } = given(3);
    const seen: unknown[] = [];
    const usual = stage.onPark;
    stage.onPark = (request) => {
      seen.push(stage.limits.get(url), stage.audit.rows.length);
      return usual(request);
    };

    await park('--yes');

    expect(seen).toEqual([1000, 1]);
    expect(stage.limits.get(url)).toBe(22);
    expect(stage.audit.rows).toMatchObject([
      { subject: 'queue orders', act: 'park', why: 'it is full', before: { messages: 3, maxReceiveCount: 22 } },
      { act: 'parking ends', after: { maxReceiveCount: 22 } },
    ]);
  });

  it('waits until SQS has lifted the limit', async () => {
    const { stage, park } = given(3);
    let parkedAt = 0;
    const [started, usual] = [stage.time, stage.onPark];
    stage.onPark = (request) => {
      parkedAt = stage.time;
      return usual(request);
    };

    await park('--yes');

    expect(parkedAt - started).toBe(60_000);
  });

  it('sets the limit back that a run which was killed has left, also when the queue is empty by then', async () => {
    const { stage, park } = given(3);
    const kill = () => Promise.reject(new Error('killed'));
    const set = async (_: unknown, limit: number) => void stage.limits.set(url, limit);
    stage.receiveLimits.set = (queue, limit) => (limit === 1000 ? set(queue, limit) : kill());
    const usual = stage.onPark;
    stage.onPark = kill;
    await expect(park('--yes')).rejects.toThrow('killed');
    expect(stage.limits.get(url)).toBe(1000);
    stage.receiveLimits.set = set;
    stage.onPark = usual;
    stage.setDepth('orders', depthOf(0));

    const { status, stderr } = await park('--yes');

    expect([status, stderr]).toEqual([2, "warren: 'orders' is empty; nothing was done\n"]);
    expect(stage.limits.get(url)).toBe(22);
  });

  it('refuses while its consumer is stopped by its circuit breaker, which lets it go on by itself', async () => {
    const { stage, park } = given(3);
    const [queue] = await stage.queues.list();
    const source = queue?.arn ?? '';
    stage.circuits.rows.set(source, circuitRow({ source }));

    const { status, stderr } = await park('--yes');

    expect(status).toBe(2);
    expect(stderr).toContain("the circuit breaker has stopped the consumer of 'orders'");
    expect([stage.parkRequests, stage.audit.rows]).toEqual([[], []]);
  });

  it('says so when some of what was meant cannot be received yet', async () => {
    const { stage, park } = given(3);
    stage.onPark = async () => {
      stage.setDepth('orders', depthOf(0, 2));
      return { parked: stage.parkRequests.length > 1 ? 0 : 1, later: 0, not_stored: 0 };
    };

    const { status, stdout } = await park('--yes');

    expect(status).toBe(1);
    expect(stdout).toContain('Stopped: 2 cannot be received yet. The same command goes on.');
  });

  it('refuses while its consumer is not paused, or on its way to be, and does nothing', async () => {
    for (const state of ['Enabled', 'Disabling']) {
      const { stage, park } = given(3, state);

      const { status, stderr } = await park('--yes');

      expect(status).toBe(2);
      expect(stderr).toContain(`orders consumes 'orders' (${state})`);
      expect(stderr).toContain('npx warren pause orders --stage dev');
      expect([stage.parkRequests, stage.audit.rows, stage.limits.get(url)]).toEqual([[], [], 22]);
    }
  });

  it('parks a queue that nothing of Warren’s consumes', async () => {
    const { stage } = given(3);
    const args = ['exceptions', 'park', 'ledger', '--reason', 'x', '--yes'];

    expect((await operate(stage, args)).status).toBe(0);
    // It has no redrive policy, so there is no limit to lift.
    expect(stage.limits.size).toBe(1);
  });

  it('asks with the number, and takes nothing else for a yes', async () => {
    const { stage, park } = given(3);
    const typed = (answer: string) =>
      operate(stage, ['exceptions', 'park', 'orders', '--reason', 'x', '--settle-seconds', '0'], answer);

    expect(await typed('y\n')).toMatchObject({ status: 1, stderr: expect.stringContaining('Type 3 to go on') });
    expect((await park()).status).toBe(2);
    expect(stage.parkRequests).toEqual([]);
    expect((await typed('3\n')).status).toBe(0);
  });

  it('leaves what was sent later, and with --all takes that too', async () => {
    const { stage, json } = given(600);
    stage.onPark = ({ most, sent_until }) => ({ parked: sent_until === undefined ? 0 : Math.min(most, 250), later: 5 });

    expect(await json()).toMatchObject({ parked: 600, meant: 600 });

    stage.parkRequests.splice(0);
    await json('--all', '--settle-seconds', '0');
    expect(stage.parkRequests[0]).not.toHaveProperty('sent_until');
  });

  it('ends when nothing comes any more, though SQS has counted more', async () => {
    const { stage, json } = given(10);
    stage.onPark = () => {
      stage.setDepth('orders', depthOf(0));
      return { parked: stage.parkRequests.length === 1 ? 8 : 0 };
    };

    expect(await json()).toMatchObject({ ok: true, parked: 8 });
    expect(stage.parkRequests).toHaveLength(3);
  });

  it('waits for what a run that was killed had in hand', async () => {
    const { stage, json } = given(10);
    const back = stage.time + 90_000;
    stage.onPark = () => {
      stage.setDepth('orders', depthOf(0, stage.time < back ? 10 : 0));
      return { parked: stage.time < back ? 0 : 10 };
    };

    expect(await json()).toMatchObject({ ok: true, parked: 10 });
  });

  it.each([
    ['a message cannot be stored', async () => ({ parked: 1, not_stored: 2 }), 'could not be stored'],
    ['the function does not answer', () => Promise.reject(new ParkNotAnsweredError('timeout')), 'timeout'],
  ])('stops when %s, and the same command goes on', async (_, onPark, reason) => {
    const { stage, json } = given(900);
    const usual = stage.onPark;
    stage.onPark = onPark;

    expect(await json()).toMatchObject({ ok: false, stopped: expect.stringContaining(reason) });
    expect(stage.limits.get(url)).toBe(22);

    stage.onPark = usual;
    expect(await json()).toMatchObject({ ok: true });
  });

  it('stops on Ctrl-C, and keeps to its rate', async () => {
    const { stage, json } = given(900);
    const started = stage.time;
    expect(await json('--rate', '100', '--settle-seconds', '0')).toMatchObject({ parked: 900 });
    expect(stage.time - started).toBe(8_000);

    stage.setDepth('orders', depthOf(900));
    const usual = stage.onPark;
    stage.onPark = (request) => {
      stage.stop.abort();
      return usual(request);
    };
    expect(await json()).toMatchObject({ ok: false, parked: 500, stopped: 'interrupted' });
  });

  it('names the nearest queue for one that there is not', async () => {
    const { stage } = given(1);

    const { status, stderr } = await operate(stage, ['exceptions', 'park', 'order', '--reason', 'x', '--yes']);

    expect([status, stderr]).toEqual([2, expect.stringContaining('did you mean orders')]);
  });
});
