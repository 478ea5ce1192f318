import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { HotKeysDeps, Insight, Place, Span } from '../../../../bin/warren/hot-keys/options.ts';
import { runWarren } from '../../../../bin/warren/program.ts';

const now = new Date('2026-11-23T03:00:00Z');
const off: Insight = { insights: 'off' };
const quiet: Insight = { insights: 'on', keys: [] };

async function warren(known: readonly (readonly [Place, Insight])[], ...args: string[]) {
  const spans: Span[] = [];
  const deps: HotKeysDeps = {
    reach: async () => ({
      places: async () => known.map(([place]) => place),
      async look(place, span) {
        spans.push(span);
        return known.find(([one]) => one === place)?.[1] ?? off;
      },
    }),
    now: () => now,
  };
  const [out, err] = [new PassThrough(), new PassThrough()];
  const read = Promise.all([text(out), text(err)]);
  const io = { stdin: Readable.from([]), stdout: out, stderr: err };
  const status = await runWarren(['hot-keys', '--stage', 'prod', ...args], io, { insighting: async () => deps });
  out.end();
  err.end();
  const [stdout, stderr] = await read;
  return { status, stdout, stderr, spans };
}

const orders: Place = { table: 'Orders' };
const agenda: Place = { table: 'Orders', index: 'ByAgenda' };
const hot: Insight = {
  insights: 'on',
  keys: [
    { key: { agenda: 'order' }, throttled: 1200 },
    { key: { agenda: 'order', agenda_at: '2026' }, throttled: 3 },
  ],
};

describe('warren hot-keys', () => {
  it('names the keys that are throttled, of a table or an index, and what to do', async () => {
    const { status, stdout } = await warren([
      [orders, quiet],
      [agenda, hot],
    ]);

    expect(stdout).toMatch(/Orders, index ByAgenda +agenda=order +1,200/);
    expect(stdout).toContain('agenda=order agenda_at=2026');
    expect(stdout).toContain('An index that cannot keep up throttles the writes of its table too');
    expect(status).toBe(0);
  });

  // worked example
  it('does not say of goods to spread their count, which could not be held above zero then', async () => {
    const goods: Insight = { insights: 'on', keys: [{ key: { id: 'sku#tea' }, throttled: 40 }] };
    const { stdout } = await warren([[{ table: 'Stock' }, goods]]);

    expect(stdout).toContain('sell it under several skus');
    expect(stdout).not.toContain('sharded-counter');
  });

  it('says that none is, where somebody looks', async () => {
    expect((await warren([[orders, quiet]])).stdout).toBe(
      'No key was throttled in the last 3 h, of 1 tables and indexes.\n',
    );
  });

  it('does not take it for quiet where nobody looks', async () => {
    const all = await warren([
      [orders, off],
      [agenda, off],
    ]);
    const one = await warren([
      [orders, quiet],
      [agenda, off],
    ]);

    expect(all.stdout).toMatch(/^Nothing is known: Contributor Insights is off there/);
    expect(one.stdout).toContain('Nothing is known of Orders, index ByAgenda: ');
  });

  it('says why insights are not ready', async () => {
    const { stdout } = await warren([[orders, { insights: 'not ready', reason: 'FAILED: too many rules' }]]);

    expect(stdout).toContain('Contributor Insights of Orders: FAILED: too many rules.');
  });

  it('looks back as long as it is asked, and says it to machines', async () => {
    const { stdout, spans } = await warren([[agenda, hot]], '--hours', '24', '--json');

    expect(spans).toEqual([{ from: new Date('2026-11-22T03:00:00Z'), to: now }]);
    expect(JSON.parse(stdout)).toMatchObject({
      from: '2026-11-22T03:00:00.000Z',
      places: [{ table: 'Orders', index: 'ByAgenda', insights: 'on', keys: [{ throttled: 1200 }, { throttled: 3 }] }],
    });
  });

  it('looks back a day at most', async () => {
    expect((await warren([], '--hours', '25')).status).toBe(2);
  });
});
