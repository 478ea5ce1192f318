import { UsageError } from '../../../../bin/warren/io.ts';
import { deployedQueue, depthOf, MemoryStage, mappingOf, operate } from './stage-in-memory.ts';

const orders = deployedQueue('orders', 1_000);
const id = mappingOf('orders', orders).id;
const command = ['surge', 'orders', '--concurrency', '50', '--reason', 'singles day', '--yes'];
const untilDrained = [...command, '--until-drained', '--json'];

/** Its backlog shrinks by so many between two looks. */
function stageThatHandles(perLook: number, queue = orders, more: Parameters<typeof mappingOf>[2] = {}): MemoryStage {
  const stage = new MemoryStage([queue], [mappingOf('orders', queue, more)]);
  let left = queue.depth.visible;
  stage.onPause = () => {
    left = Math.max(0, left - perLook);
    stage.setDepth('orders', depthOf(left));
  };
  return stage;
}

const concurrency = (stage: MemoryStage) => stage.mapping(id).maximumConcurrency;

describe('warren surge --until-drained', () => {
  it('raises the concurrency, ends when two looks find nothing, and restores what was there before', async () => {
    const stage = stageThatHandles(100);
    const seen = new Set<number | undefined>();
    const { onPause } = stage;
    stage.onPause = () => {
      seen.add(concurrency(stage));
      onPause();
    };

    const { status, stdout } = await operate(stage, untilDrained);

    expect(status).toBe(0);
    expect([...seen]).toEqual([50]);
    expect(concurrency(stage)).toBe(10);
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      queue: 'orders',
      subject: 'consumer orders',
      before: 10,
      during: 50,
      concurrency: 'restored',
      backlog: { first: 1_000, last: 0, isEmpty: true },
      seconds: 55,
      forecast: { forecastSeconds: 35, tookSeconds: 35, error: 0 },
      stopped: null,
      failure: null,
    });
    expect(await stage.audit.surges()).toEqual([]);
  });

  it('tells people how good the forecast was', async () => {
    const { stdout } = await operate(stageThatHandles(100), [...command, '--until-drained']);

    expect(stdout.split('\n')).toEqual([
      "'orders': 50 at once instead of 10 for 55 s.",
      "Of 1,000 messages none is left: 'orders' is empty.",
      'Forecast after the first tenth: 35.0 s more. It took 35.0 s: 0 % too long.',
      'Consumer orders has its concurrency of 10 again.',
      '',
    ]);
  });

  it('records both acts, before each is done', async () => {
    const stage = stageThatHandles(500);
    const { change } = stage.mappings;
    const rowsAtChange: number[] = [];
    stage.mappings.change = async (...args) => {
      rowsAtChange.push(stage.audit.rows.length);
      return change(...args);
    };

    await operate(stage, untilDrained);

    expect(rowsAtChange).toEqual([1, 2]);
    const [from, to] = [{ maximumConcurrency: 10 }, { maximumConcurrency: 50 }];
    const operator = { subject: 'consumer orders', who: 'arn:aws:iam::1:user/ada', why: 'singles day' };
    expect(stage.audit.rows).toMatchObject([
      { ...operator, act: 'surge until drained', before: from, after: to },
      { ...operator, act: 'end of surge', before: to, after: from },
    ]);
  });

  it('does not take one look that finds nothing for the end', async () => {
    const stage = new MemoryStage([orders], [mappingOf('orders', orders)]);
    const looks = [500, 0, 300, 0, 0];
    stage.onPause = () => stage.setDepth('orders', depthOf(0, looks.shift() ?? 0));

    await operate(stage, untilDrained);

    expect(looks).toEqual([]);
  });

  it('restores, and is not fine, when it is interrupted', async () => {
    const stage = stageThatHandles(1);
    const { onPause } = stage;
    stage.onPause = () => {
      onPause();
      if (stage.time - Date.parse('2026-11-27T03:00:00Z') > 30_000) stage.stop.abort();
    };

    const { status, stdout } = await operate(stage, untilDrained);

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, stopped: 'interrupted', concurrency: 'restored' });
    expect(concurrency(stage)).toBe(10);
  });

  it('passes over looks that fail, and restores when too many do', async () => {
    const stage = stageThatHandles(100);
    const { depth } = stage.queues;
    let looks = 0;
    stage.queues.depth = async (queue) => {
      looks += 1;
      if (looks === 2 || looks > 4) throw new UsageError('the AWS credentials have expired: log in again');
      return depth(queue);
    };

    const { status, stdout } = await operate(stage, untilDrained);

    expect({ status, looks }).toEqual({ status: 1, looks: 9 });
    expect(JSON.parse(stdout)).toMatchObject({ stopped: expect.stringContaining('expired'), concurrency: 'restored' });
    expect(concurrency(stage)).toBe(10);
  });

  it('leaves alone what somebody else has changed meanwhile', async () => {
    const stage = stageThatHandles(100);
    const { onPause } = stage;
    stage.onPause = () => {
      onPause();
      stage.all = stage.all.map((mapping) => ({ ...mapping, maximumConcurrency: 30 }));
    };

    const { status, stdout } = await operate(stage, untilDrained);

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ concurrency: 'left' });
    expect(concurrency(stage)).toBe(30);
    expect(stage.audit.inForce.size).toBe(0);
  });

  it('says how to restore by hand when that fails, and stays in force', async () => {
    const stage = stageThatHandles(500);
    const { change } = stage.mappings;
    stage.mappings.change = async (mapping, to) => {
      if (to.maximumConcurrency === 10) throw new Error('Lambda throttles');
      return change(mapping, to);
    };

    const { status, stdout } = await operate(stage, [...command, '--until-drained']);

    expect(status).toBe(1);
    expect(stdout).toContain('Not restored: Lambda throttles. Do it with: npx warren surge --restore orders');
    expect(stage.audit.inForce.size).toBe(1);
  });

  it('shows a forecast as it goes, with what arrives where CloudWatch counts it', async () => {
    const stage = stageThatHandles(100);
    stage.rates.set(orders.sqsName, { inPerMinute: 120 });

    const { stderr } = await operate(stage, [...command, '--until-drained']);

    expect(stderr).toContain('… 10 %, 900 left, no forecast yet');
    expect(stderr).toContain('… 40 %, 600 left, empty in 30 s (−20.0/s: 2.0/s come, 22.0/s are handled)');
  });
});

describe('a surge of a consumer that is paused', () => {
  it('waits until it is resumed, and forecasts from then on', async () => {
    const stage = stageThatHandles(100, orders, { state: 'Disabled' });
    const { onPause } = stage;
    stage.onPause = () => {
      if (stage.time - Date.parse('2026-11-27T03:00:00Z') < 60_000) return;
      stage.all = stage.all.map((mapping) => ({ ...mapping, state: 'Enabled' }));
      onPause();
    };

    const { status, stdout, stderr } = await operate(stage, untilDrained);

    expect(status).toBe(0);
    expect(stderr).toContain('1,000 left, paused: nothing is handled until it is resumed');
    expect(JSON.parse(stdout)).toMatchObject({ forecast: { forecastSeconds: 35, error: 0 }, concurrency: 'restored' });
  });
});

describe('a surge of a consumer that is paused', () => {
  it('waits until it is resumed, and forecasts from then on', async () => {
    const stage = stageThatHandles(100, orders, { state: 'Disabled' });
    const { onPause } = stage;
    stage.onPause = () => {
      if (stage.time - Date.parse('2026-11-27T03:00:00Z') < 60_000) return;
      stage.all = stage.all.map((mapping) => ({ ...mapping, state: 'Enabled' }));
      onPause();
    };

    const { status, stdout } = await operate(stage, untilDrained);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ forecast: { error: expect.closeTo(0, 1) }, concurrency: 'restored' });
  });
});

describe('warren surge', () => {
  it('goes on until Ctrl-C, which is its end', async () => {
    const stage = stageThatHandles(100);
    const { onPause } = stage;
    stage.onPause = () => {
      onPause();
      if (stage.time - Date.parse('2026-11-27T03:00:00Z') > 200_000) stage.stop.abort();
    };

    const { status, stdout } = await operate(stage, command);

    expect(status).toBe(0);
    expect(stdout).toContain('Consumer orders has its concurrency of 10 again.');
  });

  it('says that a FIFO queue’s keys bound it', async () => {
    const fifo = deployedQueue('orders', 10, { isFifo: true });

    const { stderr } = await operate(stageThatHandles(10, fifo), untilDrained);

    expect(stderr).toContain("'orders' is a FIFO queue: messages of one key are handled one after another");
  });

  it.each<[string, string[], (stage: MemoryStage) => void, RegExp]>([
    [
      'it is over the reserved concurrency',
      command,
      (stage) => stage.reserved.set('fn-orders', 40),
      /reserved.* of 40/,
    ],
    ['it is that much already', [...command, '--concurrency', '10'], () => {}, /maximum concurrency of 10 already/],
    ['it has no limit', command, (stage) => unlimited(stage), /has no maximum concurrency/],
    ['it is over 1000', [...command, '--concurrency', '1001'], () => {}, /from 2 to 1000/],
    ['it is under 2', [...command, '--concurrency', '1'], () => {}, /from 2 to 1000/],
    ['no reason is given', ['surge', 'orders', '--concurrency', '50', '--yes'], () => {}, /--reason/],
    [
      'it is not said how far',
      ['surge', 'orders', '--reason', 'x', '--yes'],
      () => {},
      /--concurrency N, or --restore/,
    ],
    ['nobody can be asked', command.slice(0, -1), () => {}, /Raise orders from 10 to 50.*1,000 messages.*--yes/],
    ['there is no such queue', command.with(1, 'ordes'), () => {}, /no queue 'ordes'.*did you mean orders/],
  ])('is refused when %s', async (_, args, given, reason) => {
    const stage = stageThatHandles(100);
    given(stage);

    const { status, stderr } = await operate(stage, args);

    expect(status).toBe(2);
    expect(stderr).toMatch(reason);
    expect(stage.audit.rows).toEqual([]);
    expect(stage.audit.inForce.size).toBe(0);
  });

  it('is refused while another one is in force, and names it', async () => {
    const stage = stageThatHandles(100);
    const surge = { subject: 'consumer orders', mapping: id, before: 10, during: 20, who: 'bob', why: 'a backlog' };
    await stage.audit.openSurge(surge);

    const { status, stderr } = await operate(stage, command);

    expect(status).toBe(2);
    expect(stderr).toContain('of bob, since 2026-11-27T03:00:00.000Z (a backlog)');
    expect(stderr).toContain('warren surge --restore');
    expect(concurrency(stage)).toBe(10);
  });
});

describe('warren surge --restore', () => {
  const restore = ['surge', 'orders', '--restore', '--json'];

  /** As a process leaves it that is killed. */
  async function givenCrashed(now = 50): Promise<MemoryStage> {
    const stage = stageThatHandles(0, orders, { maximumConcurrency: now });
    const surge = { subject: 'consumer orders', mapping: id, before: 10, during: 50, who: 'bob', why: 'a backlog' };
    await stage.audit.openSurge(surge);
    return stage;
  }

  it('sets back what a killed surge has left, once', async () => {
    const stage = await givenCrashed();

    expect(await operate(stage, restore)).toMatchObject({ status: 0 });
    expect(concurrency(stage)).toBe(10);
    expect(stage.audit.rows).toMatchObject([
      {
        act: 'end of surge',
        who: 'arn:aws:iam::1:user/ada',
        why: 'restores the surge of 2026-11-27T03:00:00.000Z: a backlog',
      },
    ]);
    const again = await operate(stage, restore);
    expect(again.status).toBe(2);
    expect(again.stderr).toContain('no surge of orders is in force');
  });

  it('has nothing to do when the surge was killed before it raised anything', async () => {
    const stage = await givenCrashed(10);

    const { status, stdout } = await operate(stage, restore);

    expect({ status, result: JSON.parse(stdout).concurrency }).toEqual({ status: 0, result: 'restored' });
    expect(stage.audit.rows).toEqual([]);
    expect(stage.audit.inForce.size).toBe(0);
  });

  it('ends a surge whose mapping a deploy has replaced', async () => {
    const stage = await givenCrashed();
    stage.all = [mappingOf('orders', orders, { id: 'another' })];

    const { stdout } = await operate(stage, restore);

    expect(JSON.parse(stdout)).toMatchObject({ ok: true, concurrency: 'gone' });
    expect(stage.audit.inForce.size).toBe(0);
  });

  it('waits for Lambda, and leaves the surge in force until it is done', async () => {
    const stage = await givenCrashed();
    stage.lambdaTakes = 1_000;

    expect(await operate(stage, restore)).toMatchObject({ status: 1 });
    expect(stage.audit.inForce.size).toBe(1);
  });
});

function unlimited(stage: MemoryStage): void {
  stage.all = stage.all.map(({ maximumConcurrency, ...mapping }) => mapping);
}
