import { circuitRow } from '../../../contracts/dynamodb/circuits.ts';
import { deployedQueue, MemoryStage, mappingOf, operate } from './stage-in-memory.ts';

const orders = deployedQueue('orders.payments', 120);
const ledger = deployedQueue('ledger.entries');
const unread = deployedQueue('analytics');

function givenStage(state = 'Enabled'): MemoryStage {
  return new MemoryStage(
    [orders, ledger, unread],
    [mappingOf('orders', orders, { state }), mappingOf('ledger', ledger)],
  );
}

const states = ({ all }: MemoryStage) => all.map(({ state }) => state);
const why = ['--reason', 'a bad deploy'];

describe('warren pause', () => {
  it.each(['orders', 'orders.payments', 'warren-dev-orders.payments'])(
    'disables the mapping of %s alone, and records who, why, before and after',
    async (name) => {
      const stage = givenStage();

      const { status, stdout } = await operate(stage, ['pause', name, ...why, '--yes']);

      expect(status).toBe(0);
      expect(stdout).toBe("orders is paused; 'orders.payments' holds 120 messages.\n");
      expect(states(stage)).toEqual(['Disabled', 'Enabled']);
      expect(stage.audit.rows).toEqual([
        {
          subject: 'consumer orders',
          at: '2026-11-27T03:00:00.000Z',
          act: 'pause',
          who: 'arn:aws:iam::1:user/ada',
          why: 'a bad deploy',
          before: { state: 'Enabled' },
          after: { state: 'Disabled' },
        },
      ]);
    },
  );

  it('waits until Lambda has carried it out', async () => {
    const stage = givenStage();
    stage.lambdaTakes = 5;

    const { status, stdout } = await operate(stage, ['pause', 'orders', ...why, '--yes']);

    expect({ status, states: states(stage) }).toEqual({ status: 0, states: ['Disabled', 'Enabled'] });
    expect(stdout).toContain('is paused');
  });

  it('says so when Lambda has not come to it in five minutes', async () => {
    const stage = givenStage();
    stage.lambdaTakes = 1_000;

    const { status, stdout } = await operate(stage, ['pause', 'orders', ...why, '--yes']);

    expect(status).toBe(1);
    expect(stdout).toContain('orders is still Updating: npx warren queues shows when it is Disabled');
  });

  it.each([
    ['y\n', 'Disabled'],
    ['n\n', 'Enabled'],
    ['\n', 'Enabled'],
  ])('asks on a terminal, with the number of messages; %j leaves it %s', async (typed, state) => {
    const stage = givenStage();

    const { status, stderr } = await operate(stage, ['pause', 'orders', ...why], typed);

    expect(status).toBe(0);
    expect(stderr).toContain(
      "Pause orders, so that its messages wait? 'orders.payments' holds 120 messages, and SQS deletes what waits over 4 d. [y/N]",
    );
    expect(states(stage)[0]).toBe(state);
    expect(stage.audit.rows).toHaveLength(state === 'Disabled' ? 1 : 0);
  });

  it.each<[string, string[], RegExp]>([
    ['nobody can be asked', ['pause', 'orders', ...why], /add --yes/],
    ['no reason is given', ['pause', 'orders', '--yes'], /--reason/],
    ['there is no such name', ['pause', 'order.payments', ...why, '--yes'], /did you mean orders\.payments/],
    [
      'nothing consumes the queue',
      ['pause', 'analytics', ...why, '--yes'],
      /no function consumes the queue 'analytics'/,
    ],
  ])('does nothing when %s', async (_, args, reason) => {
    const stage = givenStage();

    const { status, stderr } = await operate(stage, args);

    expect(status).toBe(2);
    expect(stderr).toMatch(reason);
    expect({ states: states(stage), rows: stage.audit.rows }).toEqual({ states: ['Enabled', 'Enabled'], rows: [] });
  });

  it('changes nothing of what is paused already', async () => {
    const stage = givenStage('Disabled');

    const { status, stdout } = await operate(stage, ['pause', 'orders', ...why, '--yes']);

    expect({ status, rows: stage.audit.rows }).toEqual({ status: 0, rows: [] });
    expect(stdout).toContain('orders is paused already');
  });

  it('of a function with several mappings pauses all of them, by a queue only that one', async () => {
    const both = () => new MemoryStage([orders, ledger], [mappingOf('drain', orders), mappingOf('drain', ledger)]);

    const [all, one] = [both(), both()];
    const ofAll = await operate(all, ['pause', 'drain', ...why, '--yes']);
    const ofOne = await operate(one, ['pause', 'ledger.entries', ...why, '--yes']);

    expect([states(all), states(one)]).toEqual([
      ['Disabled', 'Disabled'],
      ['Enabled', 'Disabled'],
    ]);
    expect(ofAll.stdout).toMatch(/^drain is paused;/);
    expect(ofOne.stdout).toBe("'ledger.entries' of drain is paused; 'ledger.entries' holds 0 messages.\n");
    expect([all, one].map(({ audit }) => audit.rows[0])).toMatchObject([
      { subject: 'consumer drain', before: { state: 'Enabled' }, after: { state: 'Disabled' } },
      {
        subject: 'consumer drain',
        before: { 'state of ledger.entries': 'Enabled' },
        after: { 'state of ledger.entries': 'Disabled' },
      },
    ]);
  });

  it('leaves a row when the call is refused: it was tried', async () => {
    const stage = givenStage();
    stage.mappings.change = async () => {
      throw new Error('throttled');
    };

    await expect(operate(stage, ['pause', 'orders', ...why, '--yes'])).rejects.toThrow('throttled');
    expect(stage.audit.rows).toHaveLength(1);
  });
});

describe('warren resume', () => {
  it('enables the mapping without asking, and records it', async () => {
    const stage = givenStage('Disabled');

    const { status, stdout } = await operate(stage, ['resume', 'orders', ...why, '--who', 'ada', '--json']);

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ consumer: 'orders', state: 'Enabled' });
    expect(stage.audit.rows).toMatchObject([{ act: 'resume', who: 'ada', before: { state: 'Disabled' } }]);
  });
});

describe('warren audit', () => {
  it('lists what was done, of one consumer or of all', async () => {
    const stage = givenStage();
    await operate(stage, ['pause', 'orders', ...why, '--yes']);
    await operate(stage, ['pause', 'ledger', ...why, '--yes']);

    const [all, one] = [await operate(stage, ['audit', '--json']), await operate(stage, ['audit', 'orders'])];

    expect(JSON.parse(all.stdout).rows).toHaveLength(2);
    expect(one.stdout.split('\n')[1]).toMatch(
      /^2026-11-27T03:00:00\.000Z +consumer orders +pause +state Enabled → Disabled +arn:aws:iam::1:user\/ada +a bad deploy$/,
    );
  });

  it.each([
    ['orders', ['consumer orders', 'queue orders.payments']],
    ['orders.payments', ['consumer orders', 'queue orders.payments']],
    ['warren-dev-orders.payments', ['consumer orders', 'queue orders.payments']],
    ['queue orders.payments', ['queue orders.payments']],
    ['consumer orders', ['consumer orders']],
    ['analytics', ['queue analytics']],
    ['shards', ['exchange shards']],
    ['Orders', ['table Orders']],
  ])('finds what was done by the name %s', async (name, subjects) => {
    const stage = givenStage();
    const act = { act: 'x', who: 'ada', why: 'x', before: {}, after: {} };
    const queues = ['queue orders.payments', 'consumer orders', 'consumer ledger', 'queue analytics'];
    for (const subject of [...queues, 'exchange shards', 'table Orders']) await stage.audit.record({ ...act, subject });

    const { status, stdout } = await operate(stage, ['audit', name, '--json']);

    const { rows } = JSON.parse(stdout) as { rows: { subject: string }[] };
    expect([status, rows.map(({ subject }) => subject).sort()]).toEqual([0, subjects]);
  });

  it('refuses a name that is of nothing, and knows one that was of something', async () => {
    const stage = givenStage();
    const act = { act: 'pause', who: 'ada', why: 'x', before: {}, after: {} };
    await stage.audit.record({ ...act, subject: 'consumer refunds' });

    expect((await operate(stage, ['audit', 'refunds'])).stdout).toContain('consumer refunds');
    expect(await operate(stage, ['audit', 'order'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("there is no consumer and no queue 'order' in this stage: did you mean orders"),
    });
  });

  it('says so when nothing is recorded', async () => {
    expect(await operate(givenStage(), ['audit', 'orders'])).toMatchObject({ stdout: 'No act is recorded.\n' });
  });
});

describe('a consumer that its circuit breaker has stopped', () => {
  const given = () => {
    const stage = givenStage('Disabled');
    stage.circuits.rows.set(orders.arn, circuitRow({ source: orders.arn }));
    return stage;
  };

  it('is an operator’s once it is paused: the breaker leaves it alone', async () => {
    const stage = given();

    const { status, stdout } = await operate(stage, ['pause', 'orders', ...why, '--yes']);

    expect({ status, states: states(stage) }).toEqual({ status: 0, states: ['Disabled', 'Enabled'] });
    expect(stdout).toContain('orders is paused');
    expect(stage.circuits.rows.size).toBe(0);
    expect(stage.audit.rows).toMatchObject([{ act: 'pause' }]);
  });

  it('goes on once it is resumed', async () => {
    const stage = given();

    await operate(stage, ['resume', 'orders', ...why]);

    expect(states(stage)).toEqual(['Enabled', 'Enabled']);
    expect(stage.circuits.rows.size).toBe(0);
  });

  it('is resumed too where Lambda has not stopped it yet', async () => {
    const stage = givenStage('Enabled');
    stage.circuits.rows.set(orders.arn, circuitRow({ source: orders.arn }));

    const { stdout } = await operate(stage, ['resume', 'orders', ...why]);

    expect(stdout).toContain('orders is resumed');
    expect(stage.circuits.rows.size).toBe(0);
  });
});
