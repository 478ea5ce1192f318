import { exceptionsOnFakes } from '../exceptions/exceptions-on-fakes.ts';
import { deployedQueue, MemoryStage, mappingOf, operate } from './stage-in-memory.ts';

const orders = deployedQueue('orders', 3);
const kind = ['--fingerprint', 'aaaaaaaaaaaa'];

describe.each([
  ['empty', ''],
  ['blank', ' \t\n'],
  ['longer than functions take', 'x'.repeat(1001)],
])('a reason that is %s', (_, reason) => {
  it.each([
    ['pause', 'orders', '--yes'],
    ['resume', 'orders'],
    ['surge', 'orders', '--concurrency', '20', '--yes'],
    ['surge', 'orders', '--restore'],
    ['exceptions', 'park', 'orders', '--yes'],
  ])('is refused by %s %s, and nothing is done', async (...command) => {
    const stage = new MemoryStage([orders], [mappingOf('orders', orders)]);

    const { status, stderr } = await operate(stage, [...command, '--reason', reason]);

    expect([status, stderr]).toEqual([2, expect.stringMatching(/'--reason <text>' argument .* is invalid/s)]);
    expect([stage.audit.rows, stage.parkRequests]).toEqual([[], []]);
  });

  it.each([
    ['replay', ...kind, '--yes'],
    ['discard', ...kind, '--yes'],
    ['acknowledge', ...kind],
    ['import', 'rows.jsonl', '--yes'],
  ])('is refused by exceptions %s, and nothing is done', async (...command) => {
    const { run, put, table, requests, acknowledged } = exceptionsOnFakes();
    put(1, { fingerprint: 'aaaaaaaaaaaa' });

    const { status, stderr } = await run([...command, '--stage', 'local', '--reason', reason]);

    expect([status, stderr]).toEqual([2, expect.stringMatching(/'--reason <text>' argument .* is invalid/s)]);
    expect([requests, acknowledged, table.one('aaaaaaaaaaaa-0').state]).toEqual([[], [], 'open']);
  });
});

describe('what an act has on record', () => {
  it('is the reason without the spaces around it', async () => {
    const stage = new MemoryStage([orders], [mappingOf('orders', orders)]);

    await operate(stage, ['pause', 'orders', '--yes', '--reason', ' a bad deploy ']);

    expect(stage.audit.rows).toMatchObject([{ why: 'a bad deploy' }]);
  });

  it('is never nobody', async () => {
    const stage = new MemoryStage([orders], [mappingOf('orders', orders)]);

    expect((await operate(stage, ['pause', 'orders', '--yes', '--reason', 'x', '--who', ' '])).status).toBe(2);
    expect(stage.audit.rows).toEqual([]);
  });
});
