import pMap from 'p-map';
import type { AuditLog } from '../shared/audit/audit-log.ts';
import type { CircuitRow, Circuits } from '../shared/circuit/circuits.ts';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';
import type { Mapping, Mappings } from './mappings.ts';
import type { Probe, Probed } from './probe.ts';

export interface HandlerDeps {
  readonly circuits: Circuits;
  readonly mappings: Mappings;
  readonly probe: Probe;
  readonly audit: Pick<AuditLog, 'record' | 'list'>;
  /** Between two probes: the first, doubled with each one that fails, and the longest. */
  readonly probeSeconds: { readonly first: number; readonly longest: number };
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

/** Of these queues the circuit is as it was; the next run tries again. */
export class CircuitsUnmovedError extends Error {
  override readonly name = 'CircuitsUnmovedError';

  constructor(queues: readonly string[]) {
    super(`the circuits of ${queues.join(', ')} could not be looked after`);
  }
}

const parallelCircuits = 4;
/**
 * Messages that never come to the handler, because they expired or are repeats, are followed by others. After so many the consumer goes on:
 * it is what empties its queue of them, and needs nothing that is down for that.
 */
const mostTries = 20;
const breaker = 'circuit-breaker';

/** Once a minute: consumers whose circuit is open are stopped, probed, and let go on. */
export function createHandler(deps: HandlerDeps) {
  const { circuits, mappings, audit, probeSeconds, now, log, meter } = deps;

  return async (): Promise<void> => {
    const rows: CircuitRow[] = [];
    for await (const row of circuits.all()) rows.push(row);
    const unmoved: string[] = [];
    await pMap(
      rows,
      async (row) => {
        try {
          await lookAfter(row);
        } catch (error) {
          log.error('circuit not looked after', error, { queue: row.queue });
          unmoved.push(row.queue);
        }
      },
      { concurrency: parallelCircuits },
    );
    if (unmoved.length > 0) throw new CircuitsUnmovedError(unmoved);
  };

  async function lookAfter(row: CircuitRow): Promise<void> {
    meter.count('CircuitOpen', { queue: row.queue });
    const mapping = await mappings.find(row.function_name, row.source);
    if (!mapping) {
      log.warn('circuit of a consumer that is gone', { queue: row.queue });
      return circuits.close(row.source);
    }
    if (mapping.state === 'Enabled') return stop(row, mapping);
    // Else Lambda is at it.
    if (mapping.state !== 'Disabled') return;
    // An operator has: a process that was still at work has opened the circuit after that.
    if (row.stopped_at === undefined) return circuits.close(row.source);
    if (now().toISOString() >= row.probe_at) await probe(row, mapping);
  }

  async function stop(row: CircuitRow, mapping: Mapping): Promise<void> {
    if (!(await circuits.stop(row, now()))) return;
    await record(row, 'pause', { from: 'Enabled', to: 'Disabled' }, `its circuit opened: ${row.error_name}`);
    await mappings.change(mapping, { enabled: false });
    log.warn('consumer stopped', { queue: row.queue, error: row.error_name });
    await isTakenOver(row, mapping);
  }

  async function probe(row: CircuitRow, mapping: Mapping): Promise<void> {
    const next = { probes: row.probes + 1, probe_at: later(probeSeconds.first * 2 ** (row.probes + 1)) };
    // First: another run must not probe beside this one.
    if (!(await circuits.putOff(row, next))) return;
    const probed = await firstThatTells(row);
    log.info('circuit probed', { queue: row.queue, probed, probes: next.probes });
    if (probed === 'handled') await resume(row, mapping, 'a message was handled again');
    else if (probed === 'untried') await resume(row, mapping, `none of ${mostTries} messages came to its handler`);
    else if (probed === 'empty') {
      await circuits.putOff({ ...row, ...next }, { probes: row.probes, probe_at: now().toISOString() });
    }
  }

  async function resume(row: CircuitRow, mapping: Mapping, why: string): Promise<void> {
    if (await isTakenOver(row, mapping)) return;
    await record(row, 'resume', { from: 'Disabled', to: 'Enabled' }, `its circuit closed: ${why}`);
    // In this order: died between, the next run stops it, probes and resumes it once more.
    await mappings.change(mapping, { enabled: true });
    if (await isTakenOver(row, mapping)) return;
    await circuits.close(row.source);
    log.info('consumer resumed', { queue: row.queue });
  }

  /** An operator has paused or resumed the consumer meanwhile, which closes the circuit. Their act holds, whichever came last to Lambda. */
  async function isTakenOver(row: CircuitRow, mapping: Mapping): Promise<boolean> {
    if ((await circuits.get(row.source))?.opened_at === row.opened_at) return false;
    const acts = await audit.list(`consumer ${row.consumer}`);
    const last = acts.findLast(
      ({ who, act, at }) => who !== breaker && (act === 'pause' || act === 'resume') && at >= row.opened_at,
    );
    if (last) await mappings.change(mapping, { enabled: last.act === 'resume' });
    return true;
  }

  async function firstThatTells(row: CircuitRow): Promise<Probed> {
    for (let tries = 1; ; tries++) {
      const probed = await deps.probe(row);
      if (probed !== 'untried' || tries >= mostTries) return probed;
    }
  }

  function later(seconds: number): string {
    return new Date(now().getTime() + Math.min(seconds, probeSeconds.longest) * 1000).toISOString();
  }

  async function record(
    { consumer }: CircuitRow,
    act: string,
    { from, to }: { readonly from: string; readonly to: string },
    why: string,
  ): Promise<void> {
    const subject = `consumer ${consumer}`;
    await audit.record({ subject, act, who: breaker, why, before: { state: from }, after: { state: to } });
  }
}
