import { CircuitsUnmovedError, createHandler } from '../../../../lambdas/circuit-breaker/handler.ts';
import type { Probed } from '../../../../lambdas/circuit-breaker/probe.ts';
import type { CircuitRow } from '../../../../lambdas/shared/circuit/circuits.ts';
import { circuitRow } from '../../../contracts/dynamodb/circuits.ts';
import { MemoryAuditLog } from '../../bin/backlog/stage-in-memory.ts';
import { CountingMeter, now, silentLog } from '../builders.ts';
import { MemoryCircuits } from '../shared/consumer/memory-circuits.ts';

/** Opened as `now` begins; probed first a minute later. */
const row = circuitRow();
const stopped = circuitRow({ stopped_at: '2026-11-23T02:00:01.000Z' });
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);

function given(state: string | undefined = 'Enabled', answers: readonly Probed[] = []) {
  const circuits = new MemoryCircuits();
  // By the breaker, where it is disabled.
  circuits.rows.set(row.source, state === 'Disabled' ? stopped : row);
  const clock = { now: after(0) };
  const mapping = { id: 'm-1', state };
  const acts: string[] = [];
  const audit = new MemoryAuditLog(() => clock.now.getTime());
  const meter = new CountingMeter();
  const left = [...answers];
  const deps = {
    circuits,
    mappings: {
      find: async () => (mapping.state === undefined ? undefined : { id: mapping.id, state: mapping.state }),
      async change(_: unknown, { enabled }: { readonly enabled: boolean }) {
        mapping.state = enabled ? 'Enabled' : 'Disabled';
        acts.push(mapping.state);
      },
    },
    async probe(_: CircuitRow): Promise<Probed> {
      const probed = left.shift() ?? 'empty';
      acts.push(probed);
      return probed;
    },
    audit,
    probeSeconds: { first: 60, longest: 300 },
    now: () => clock.now,
    log: silentLog,
    meter,
  };
  const run = async (seconds: number) => {
    clock.now = after(seconds);
    await createHandler(deps)();
  };
  return { run, deps, circuits, mapping, acts, audit, meter };
}

describe('a circuit that opened', () => {
  it('stops its consumer, on record, and rings as long as it is open', async () => {
    const { run, mapping, audit, meter } = given();

    await run(5);
    await run(30);

    expect(mapping.state).toBe('Disabled');
    expect(audit.rows).toMatchObject([
      {
        subject: 'consumer orders',
        act: 'pause',
        who: 'circuit-breaker',
        why: 'its circuit opened: UnavailableError',
        before: { state: 'Enabled' },
        after: { state: 'Disabled' },
      },
    ]);
    expect(meter.counts).toEqual([
      ['CircuitOpen', { queue: 'orders' }],
      ['CircuitOpen', { queue: 'orders' }],
    ]);
  });

  it('is left as it is while Lambda is at it, and until it is time', async () => {
    const disabling = given('Disabling');
    const early = given('Disabled');

    await disabling.run(90);
    await early.run(59);

    expect([...disabling.acts, ...early.acts]).toEqual([]);
  });

  it('after an operator has paused its consumer is closed: what the breaker has not stopped it does not resume', async () => {
    const { run, circuits, mapping, acts } = given('Disabled', ['handled']);
    circuits.rows.set(row.source, row);

    await run(60);

    expect({ acts, state: mapping.state, open: circuits.rows.size }).toEqual({ acts: [], state: 'Disabled', open: 0 });
  });

  it.each([
    ['resumed', 'resume', 'Enabled'],
    ['paused', 'pause', 'Disabled'],
  ])('while an operator has %s its consumer leaves it as they wanted it', async (_, act, state) => {
    const { run, deps, circuits, mapping, audit } = given('Enabled');
    const { change } = deps.mappings;
    deps.mappings.change = async (...args) => {
      // Between the breaker's look and its act.
      if (circuits.rows.size > 0) {
        await audit.record({ subject: 'consumer orders', act, who: 'lin', why: 'x', before: {}, after: {} });
        await circuits.close(row.source);
      }
      return change(...args);
    };

    await run(5);

    expect({ state: mapping.state, open: circuits.rows.size }).toEqual({ state, open: 0 });
  });

  it('that an operator has closed since it was seen stops nothing', async () => {
    const { run, deps, circuits, mapping } = given('Enabled');
    const { find } = deps.mappings;
    deps.mappings.find = async () => {
      await circuits.close(row.source);
      return find();
    };

    await run(5);

    expect(mapping.state).toBe('Enabled');
  });

  it('is forgotten when its consumer is gone', async () => {
    const { run, circuits, mapping } = given();
    Object.assign(mapping, { state: undefined });

    await run(5);

    expect(circuits.rows.size).toBe(0);
  });
});

describe('a probe of a stopped consumer', () => {
  it('that succeeds lets it go on, on record', async () => {
    const { run, circuits, mapping, audit, acts } = given('Disabled', ['handled']);

    await run(60);

    expect({ acts, state: mapping.state, open: circuits.rows.size }).toEqual({
      acts: ['handled', 'Enabled'],
      state: 'Enabled',
      open: 0,
    });
    expect(audit.rows).toMatchObject([{ act: 'resume', who: 'circuit-breaker', after: { state: 'Enabled' } }]);
  });

  it('that fails comes again twice as much later each time, up to the longest', async () => {
    const down: Probed[] = ['unavailable', 'unavailable', 'unavailable', 'unavailable'];
    const { run, circuits } = given('Disabled', down);
    const waits: number[] = [];

    let seconds = 60;
    for (const _ of down) {
      await run(seconds);
      const next = Date.parse(circuits.rows.get(row.source)?.probe_at ?? '') - now.getTime();
      waits.push(next / 1000 - seconds);
      seconds = next / 1000;
    }

    expect(waits).toEqual([120, 240, 300, 300]);
  });

  it('goes on to another message when one says nothing', async () => {
    const { run, mapping, acts } = given('Disabled', ['untried', 'untried', 'handled']);

    await run(60);

    expect({ acts, state: mapping.state }).toEqual({
      acts: ['untried', 'untried', 'handled', 'Enabled'],
      state: 'Enabled',
    });
  });

  it('lets it go on after twenty messages that need no handler: it empties its queue of them', async () => {
    const { run, mapping, acts, audit } = given(
      'Disabled',
      Array.from({ length: 30 }, () => 'untried' as const),
    );

    await run(60);

    expect({ tries: acts.length - 1, state: mapping.state }).toEqual({ tries: 20, state: 'Enabled' });
    expect(audit.rows).toMatchObject([{ why: 'its circuit closed: none of 20 messages came to its handler' }]);
  });

  it('of an empty queue is made again the next time', async () => {
    const { run, acts, mapping } = given('Disabled', ['empty', 'handled']);

    await run(60);
    await run(120);

    expect({ acts, state: mapping.state }).toEqual({ acts: ['empty', 'handled', 'Enabled'], state: 'Enabled' });
  });

  it('is made by one run at a time', async () => {
    const { run, acts } = given('Disabled', ['unavailable', 'unavailable']);

    await Promise.all([run(60), run(60)]);

    expect(acts).toEqual(['unavailable']);
  });

  it('leaves a consumer alone that an operator has taken over meanwhile', async () => {
    const { run, deps, circuits, mapping, audit } = given('Disabled');
    deps.probe = async () => {
      await circuits.close(row.source);
      return 'handled';
    };

    await run(60);

    expect({ state: mapping.state, acts: audit.rows.length }).toEqual({ state: 'Disabled', acts: 0 });
  });

  it('that breaks is told, and the others are looked after', async () => {
    const { run, deps, circuits, acts } = given('Disabled');
    const other = { ...stopped, source: 'arn:aws:sqs:us-east-1:000000000000:other', queue: 'other' };
    circuits.rows.set(other.source, other);
    deps.probe = async ({ queue }) => {
      if (queue === 'orders') throw new Error('Lambda does not answer');
      acts.push('handled');
      return 'handled';
    };

    await expect(run(60)).rejects.toThrow(CircuitsUnmovedError);

    expect(acts).toEqual(['handled', 'Enabled']);
  });
});
