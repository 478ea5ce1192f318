import type { CircuitRow, Circuits } from '../../../../../lambdas/shared/circuit/circuits.ts';

/** `broken` is what every call ends in; `reads` counts. */
export class MemoryCircuits implements Circuits {
  readonly rows = new Map<string, CircuitRow>();
  broken: Error | undefined;
  reads = 0;

  async get(source: string): Promise<CircuitRow | undefined> {
    this.reads++;
    if (this.broken) throw this.broken;
    return this.rows.get(source);
  }

  async *all(): AsyncGenerator<CircuitRow> {
    yield* [...this.rows.values()];
  }

  async open(row: CircuitRow): Promise<void> {
    if (this.broken) throw this.broken;
    if (!this.rows.has(row.source)) this.rows.set(row.source, row);
  }

  async stop({ source, opened_at }: CircuitRow, at: Date): Promise<boolean> {
    const stored = this.rows.get(source);
    if (stored?.opened_at !== opened_at) return false;
    this.rows.set(source, { ...stored, stopped_at: at.toISOString() });
    return true;
  }

  async putOff(
    { source, opened_at, probe_at }: CircuitRow,
    next: Pick<CircuitRow, 'probe_at' | 'probes'>,
  ): Promise<boolean> {
    const stored = this.rows.get(source);
    if (stored?.opened_at !== opened_at || stored.probe_at !== probe_at) return false;
    this.rows.set(source, { ...stored, ...next });
    return true;
  }

  async close(source: string): Promise<void> {
    this.rows.delete(source);
  }
}
