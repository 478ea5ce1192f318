import type { DeclaredMove } from '../shared/table-moves/env.ts';
import type { Move } from '../shared/table-moves/move.ts';
import { MoveRefusedError } from '../shared/table-moves/move-steps.ts';
import type { MoveTables } from '../shared/table-moves/move-tables.ts';
import {
  type MoverAnswer,
  type MoverRequest,
  moverRequestSchema,
  type ShownMove,
} from '../shared/table-moves/mover-contract.ts';
import type { Log } from '../shared/telemetry/telemetry.ts';
import { type ActDeps, act, checkDeclared } from './act.ts';
import { nextWork } from './next-work.ts';
import { type WorkDeps, workAt } from './work.ts';

export interface HandlerDeps extends ActDeps, Omit<WorkDeps, 'tables' | 'now'> {
  readonly declared: readonly DeclaredMove[];
  readonly tablesOf: (move: DeclaredMove) => MoveTables;
  readonly roughCount: (move: DeclaredMove) => Promise<number | undefined>;
  /** How long one run works: less than the function may live. */
  readonly workMs: number;
  readonly log: Log;
}

/** The request is none of the mover's: nothing was done. */
export class MoverRequestError extends Error {
  override readonly name = 'MoverRequestError';
}

/** Answers an operator; called by its schedule, with an event that is no request, it works at every move. */
export function createHandler(deps: HandlerDeps) {
  return async (event: unknown): Promise<MoverAnswer> => {
    if (isScheduled(event)) {
      await workAtAll(deps);
      return shown(deps.declared, deps);
    }
    try {
      return await answerTo(parse(event), deps);
    } catch (error) {
      if (!(error instanceof MoveRefusedError)) throw error;
      return { outcome: 'refused', reason: error.message };
    }
  };
}

/** One that fails keeps no other waiting, whose writes may be closed. Throws the first error, when all had their turn. */
async function workAtAll(deps: HandlerDeps): Promise<void> {
  const errors: unknown[] = [];
  for (const one of deps.declared) {
    try {
      await work(one, deps.workMs / deps.declared.length, deps);
    } catch (error) {
      deps.log.error('table move failed', error, { table: one.table });
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

async function answerTo(request: MoverRequest, deps: HandlerDeps): Promise<MoverAnswer> {
  if (request.act === 'list') return shown(deps.declared, deps);
  const declared = deps.declared.find(({ table }) => table === request.table);
  if (!declared) {
    const names = deps.declared.map(({ table }) => table).join(', ');
    throw new MoveRefusedError(
      `no move of ${request.table} is declared in lib/table-moves.ts: there is one of ${names}`,
    );
  }
  // Without its schedule nobody would open writes that are closed, and that only open on the other side.
  if (request.act === 'work' || (await isSealed(declared, deps))) {
    await work(declared, Math.min(deps.workMs, answeredWithinMs), deps);
  }
  if (request.act !== 'work') {
    const { step, epoch } = await act(request, declared, deps);
    deps.log.info('table move', { act: request.act, table: declared.table, step, epoch });
  }
  return shown([declared], deps);
}

/** For somebody who watches. */
const answeredWithinMs = 5_000;

async function isSealed({ table }: DeclaredMove, { moves }: HandlerDeps): Promise<boolean> {
  return (await moves.find(table))?.sealed_at !== undefined;
}

async function work(declared: DeclaredMove, forMs: number, deps: HandlerDeps): Promise<void> {
  const move = await deps.moves.find(declared.table);
  if (!move) return;
  if (move.step !== 'done') checkDeclared(move, declared);
  const now = () => deps.now().getTime();
  await workAt(declared.table, now() + forMs, { ...deps, now, tables: deps.tablesOf(declared) });
}

async function shown(declared: readonly DeclaredMove[], deps: HandlerDeps): Promise<MoverAnswer> {
  const moves = await Promise.all(
    declared.map(async (one): Promise<ShownMove> => {
      const [move, roughTotal] = await Promise.all([deps.moves.find(one.table), deps.roughCount(one)]);
      return { table: one.table, target: one.target, move, roughTotal, waitsUntil: move && waitsUntil(move, deps) };
    }),
  );
  return { outcome: 'done', moves };
}

function waitsUntil(move: Move, { times, now }: HandlerDeps): string | undefined {
  const next = nextWork(move, times, now().getTime());
  return next.kind === 'wait' ? new Date(next.until).toISOString() : undefined;
}

function isScheduled(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'source' in event && event.source === 'aws.events';
}

function parse(event: unknown): MoverRequest {
  const { success, data, error } = moverRequestSchema.safeParse(event);
  if (success) return data;
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'the request'}: ${message}`);
  throw new MoverRequestError(problems.join('; '));
}
