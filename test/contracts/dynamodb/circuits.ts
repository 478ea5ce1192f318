import { randomUUID } from 'node:crypto';
import type { CircuitRow, Circuits } from '../../../lambdas/shared/circuit/circuits.ts';
import type { Check } from '../check.ts';

export function circuitRow(changes: Partial<CircuitRow> = {}): CircuitRow {
  return {
    source: 'arn:aws:sqs:us-east-1:000000000000:warren-test-orders',
    queue: 'orders',
    function_name: 'warren-test-orders',
    consumer: 'orders',
    error_name: 'UnavailableError',
    opened_at: '2026-11-23T02:00:00.000Z',
    probe_at: '2026-11-23T02:01:00.000Z',
    probes: 0,
    ...changes,
  };
}

/** Of `Circuits`, however they are stored. */
export function circuitsContract(create: () => Circuits, check: Check = it): void {
  const given = (changes: Partial<CircuitRow> = {}) => ({
    circuits: create(),
    row: circuitRow({ source: randomUUID(), ...changes }),
  });

  describe('a circuit', () => {
    check('is closed until it is opened, and then as it was opened', async () => {
      const { circuits, row } = given();

      expect(await circuits.get(row.source)).toBeUndefined();
      await circuits.open(row);
      await circuits.open({ ...row, error_name: 'AnotherError', opened_at: '2026-11-23T02:00:01.000Z' });

      expect(await circuits.get(row.source)).toEqual(row);
      expect(await all(circuits)).toContainEqual(row);
    });

    check('is put off once by those who saw the same', async () => {
      const { circuits, row } = given();
      await circuits.open(row);
      const next = { probe_at: '2026-11-23T02:03:00.000Z', probes: 1 };

      const done = await Promise.all([1, 2, 3, 4].map(() => circuits.putOff(row, next)));

      expect(done.filter(Boolean)).toHaveLength(1);
      expect(await circuits.get(row.source)).toEqual({ ...row, ...next });
    });

    check('is stopped as it was seen, and not once it is another', async () => {
      const { circuits, row } = given();
      const at = new Date('2026-11-23T02:00:30.000Z');
      await circuits.open(row);

      expect(await circuits.stop({ ...row, opened_at: '2026-11-23T01:00:00.000Z' }, at)).toBe(false);
      expect(await circuits.stop(row, at)).toBe(true);
      expect(await circuits.get(row.source)).toEqual({ ...row, stopped_at: at.toISOString() });

      await circuits.close(row.source);
      expect(await circuits.stop(row, at)).toBe(false);
      expect(await circuits.get(row.source)).toBeUndefined();
    });

    check('that was closed, or opened anew, is not put off', async () => {
      const { circuits, row } = given();
      const next = { probe_at: '2026-11-23T02:03:00.000Z', probes: 1 };
      await circuits.open(row);
      await circuits.close(row.source);
      await circuits.close(row.source);

      expect(await circuits.putOff(row, next)).toBe(false);
      expect(await circuits.get(row.source)).toBeUndefined();

      const anew = { ...row, opened_at: '2026-11-23T03:00:00.000Z' };
      await circuits.open(anew);
      expect(await circuits.putOff(row, next)).toBe(false);
      expect(await circuits.get(row.source)).toEqual(anew);
    });
  });
}

async function all(circuits: Circuits): Promise<CircuitRow[]> {
  const rows: CircuitRow[] = [];
  for await (const row of circuits.all()) rows.push(row);
  return rows;
}
