import { UsageError } from '../../../../bin/warren/io.ts';
import { circuitRow } from '../../../contracts/dynamodb/circuits.ts';
import { deployedQueue, depthOf, MemoryStage, mappingOf, operate } from './stage-in-memory.ts';

const orders = deployedQueue('orders', 3, { depth: depthOf(1_200, 20, 3) });
const dead = deployedQueue('audit', 0, { deadLetters: { sqsName: 'warren-dev-audit-dlq', count: 2 } });
const idle = deployedQueue('analytics');
const elsewhere = deployedQueue('refunds', 7, { address: { vhost: 'eu/shop', name: 'refunds' } });

function givenStage(): MemoryStage {
  return new MemoryStage(
    [idle, dead, orders, elsewhere],
    [mappingOf('orders', orders), mappingOf('audit', dead, { state: 'Disabled', maximumConcurrency: undefined })],
  );
}

const lines = (text: string) => text.trimEnd().split('\n');

describe('warren queues', () => {
  it('lists the fullest queue first, then those with dead letters, each with its consumer', async () => {
    const { status, stdout } = await operate(givenStage(), ['queues']);

    expect(status).toBe(0);
    expect(lines(stdout).map((line) => line.split(/ {2,}/))).toEqual([
      ['QUEUE', 'WAITING', 'IN FLIGHT', 'DELAYED', 'OLDEST', 'IN/MIN', 'OUT/MIN', 'DEAD LETTERS', 'CONSUMER'],
      ['orders', '1,200', '20', '3', '-', '-', '-', '0', 'orders Enabled, up to 10 at once'],
      ['eu%2Fshop/refunds', '7', '0', '0', '-', '-', '-', '0', '-'],
      ['audit', '0', '0', '0', '-', '-', '-', '2', 'audit Disabled'],
      ['analytics', '0', '0', '0', '-', '-', '-', '0', '-'],
    ]);
  });

  it('shows age and rates where CloudWatch knows them', async () => {
    const stage = givenStage();
    stage.rates.set(orders.sqsName, { oldestSeconds: 5_400, inPerMinute: 12.4, outPerMinute: 0 });

    const { stdout } = await operate(stage, ['queues']);

    expect(lines(stdout)[1]).toMatch(/ {2}90 min {2,}12 {2,}0 {2}/);
  });

  it('is worth reading without CloudWatch, and says why there are no ages', async () => {
    const stage = Object.assign(givenStage(), {
      readRates: async () => {
        throw new UsageError('these credentials may not cloudwatch:GetMetricData');
      },
    });

    const { status, stdout, stderr } = await operate(stage, ['queues']);

    expect({ status, lines: lines(stdout).length }).toEqual({ status: 0, lines: 5 });
    expect(stderr).toContain('ages and rates are not known: these credentials may not cloudwatch:GetMetricData');
  });

  it('says whose circuit is open, since when, why, and when it is probed', async () => {
    const stage = givenStage();
    stage.circuits.rows.set(orders.arn, circuitRow({ source: orders.arn }));
    stage.time = Date.parse('2026-11-23T02:00:59Z');

    const { stdout } = await operate(stage, ['queues']);
    const { stdout: json } = await operate(stage, ['queues', '--json']);

    expect(lines(stdout)[1]).toContain('orders Enabled, up to 10 at once, circuit open');
    expect(lines(stdout).at(-1)).toBe(
      'The circuit of orders is open since 2026-11-23T02:00:00.000Z: UnavailableError. It is probed next at 2026-11-23T02:01:00.000Z, and it goes on when that succeeds.',
    );
    expect(JSON.parse(json).queues[0].consumers).toMatchObject([{ circuit: { error: 'UnavailableError' } }]);
  });

  it('says of a probe whose time has come that it is due', async () => {
    const stage = givenStage();
    stage.circuits.rows.set(orders.arn, circuitRow({ source: orders.arn }));

    expect(lines((await operate(stage, ['queues'])).stdout).at(-1)).toContain(
      'Its next probe is due now, and it goes on when that succeeds.',
    );
  });

  it('says which consumer has more concurrency than it was deployed with, and who wanted that', async () => {
    const stage = givenStage();
    const { id: mapping } = mappingOf('orders', orders);
    const surge = { subject: 'consumer orders', mapping, before: 10, during: 50, who: 'ada', why: 'singles day' };
    await stage.audit.openSurge(surge);

    const { stdout } = await operate(stage, ['queues']);

    expect(stdout).toContain('orders Enabled, up to 10 at once*');
    expect(stdout).toContain('* orders has had 50 instead of 10 since 2026-11-27T03:00:00.000Z: singles day (ada).');
  });

  it('is an object for machines, null where nothing is known', async () => {
    const { stdout } = await operate(givenStage(), ['queues', '--json']);

    expect(JSON.parse(stdout).queues[0]).toEqual({
      name: 'orders',
      vhost: '/',
      queue: 'orders',
      sqsName: 'warren-dev-orders',
      fifo: false,
      visible: 1_200,
      inFlight: 20,
      delayed: 3,
      deadLetters: { sqsName: 'warren-dev-orders-dlq', count: 0 },
      oldestSeconds: null,
      inPerMinute: null,
      outPerMinute: null,
      consumers: [{ name: 'orders', state: 'Enabled', maximumConcurrency: 10, surge: null, circuit: null }],
    });
  });
});
