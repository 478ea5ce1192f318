import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runWarren } from '../../../../bin/warren/program.ts';
import type { TablesDeps } from '../../../../bin/warren/tables/options.ts';
import type { Comparison, Move } from '../../../../lambdas/shared/table-moves/move.ts';
import type { MoverAnswer, MoverRequest } from '../../../../lambdas/shared/table-moves/mover-contract.ts';

const at = '2026-11-28T10:00:00.000Z';
const equal: Comparison = {
  started_at: at,
  finished_at: at,
  phase: 'finished',
  rounds: 1,
  equal: 1200,
  suspects: [],
  missing: 0,
  extra: 0,
  different: 0,
};
const move: Move = {
  table: 'Orders',
  target: 'OrdersByKey',
  keys: { source: ['id'], target: [{ name: 'pk', from: '{id}' }] },
  step: 'copying',
  following: 'source',
  epoch: 1,
  version: 2,
  started: { who: 'Ann', why: 'a test', at },
  changed: { who: 'Ann', why: 'a test', at },
  rate: 500,
  copy: { phase: 'finished', copied: 1200, newer: 3, pruned: 0 },
  comparison: equal,
};

const shown = (changes: Partial<Move> = {}): MoverAnswer => ({
  outcome: 'done',
  moves: [{ table: 'Orders', target: 'OrdersByKey', roughTotal: 1300, move: { ...move, ...changes } }],
});

/** A stage whose mover answers so, one after the other; all that is asked and put on record is kept, in its order. */
function stageThat(...answers: readonly MoverAnswer[]) {
  const done: unknown[] = [];
  const left = [...answers];
  const mover = {
    async ask(request: MoverRequest) {
      done.push(request.act);
      const answer = left.shift();
      if (!answer) throw new Error('Not implemented');
      return answer;
    },
    audit: {
      async record({ subject, act, who, why }: { subject: string; act: string; who: string; why: string }) {
        done.push([subject, act, who, why]);
      },
    },
    caller: async () => 'arn:ann',
  };
  const never = new AbortController().signal;
  const deps: TablesDeps = {
    reach: async () => (answers.length === 0 ? undefined : mover),
    listenForInterrupts: () => ({ stop: never, giveUp: never, release() {} }),
    pause: async () => {},
    now: () => 0,
  };
  return { deps, done };
}

async function warren(deps: TablesDeps, ...args: readonly string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const read = Promise.all([text(out), text(err)]);
  const stdin = Object.assign(Readable.from([]), { isTTY: false });
  const io = { stdin, stdout: out, stderr: err };
  const status = await runWarren(['tables', ...args, '--stage', 'dev'], io, { movingTables: async () => deps });
  out.end();
  err.end();
  const [stdout, stderr] = await read;
  return { status, stdout, stderr };
}

const acting = ['--reason', 'ticket 7', '--yes'];

describe('warren tables', () => {
  it('says so where no table moves, and refuses to act there', async () => {
    const { deps } = stageThat();

    expect(await warren(deps)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('no table move is declared'),
    });
    expect(await warren(deps, '--json')).toMatchObject({ status: 0, stdout: '{"moves":[]}\n' });
    expect(await warren(deps, 'next', 'Orders', ...acting)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no table move is declared'),
    });
  });

  it('shows how far a move is, what the checker found, and what comes next', async () => {
    const suspects = [{ id: 'one' }, { id: 'two' }];
    const { deps } = stageThat(
      shown(),
      shown({ comparison: { ...equal, suspects, missing: 1, different: 1 } }),
      shown({ step: 'closing', closed_at: at }),
    );

    expect((await warren(deps)).stdout).toMatch(
      /1,200 of some 1,300 items copied[\s\S]*EQUAL: 1,200 items[\s\S]*next: npx warren tables next Orders --stage dev/,
    );
    expect((await warren(deps)).stdout).toMatch(
      /NOT EQUAL: .*1 missing[\s\S]*id="one"[\s\S]*next: npx warren tables compare Orders/,
    );
    expect((await warren(deps)).stdout).toContain('WRITES ARE CLOSED');
  });

  it('offers a way back only where that is taken, and says what a declaration is good for that is done', async () => {
    const unequal = { ...equal, suspects: [{ id: 'one' }] };
    const { deps } = stageThat(
      shown({ step: 'written' }),
      shown({ step: 'written', comparison: unequal }),
      shown({ step: 'closing', closed_at: at, sealed_at: at }),
      shown({ step: 'done' }),
    );

    expect((await warren(deps)).stdout).toContain("back: npx warren tables back Orders --stage dev --reason '…'");
    expect((await warren(deps)).stdout).not.toContain('back:');
    expect((await warren(deps)).stdout).not.toContain('back:');
    expect((await warren(deps)).stdout).toContain('keep the declaration');
  });

  it('is on record before it acts, and watches until an operator is to say what comes next', async () => {
    const { deps, done } = stageThat(
      shown(),
      shown({ step: 'closing', closed_at: at }),
      shown({ step: 'closing', closed_at: at }),
      shown({ step: 'written' }),
    );

    const { status, stdout } = await warren(deps, 'next', 'Orders', ...acting);

    expect(done).toEqual(['list', ['table Orders', 'move: next', 'arn:ann', 'ticket 7'], 'next', 'work', 'work']);
    expect(stdout).toContain('written. Read and written at the target');
    expect(status).toBe(0);
  });

  it('does nothing without a yes', async () => {
    const { deps, done } = stageThat(shown());

    expect(await warren(deps, 'back', 'Orders', '--reason', 'x')).toMatchObject({ status: 2 });
    expect(done).toEqual(['list']);
  });

  it('tells why the mover refuses, and which tables move', async () => {
    const refused: MoverAnswer = { outcome: 'refused', reason: 'the move of Orders was started by Ann' };
    const { deps } = stageThat(shown(), refused, shown());

    expect(await warren(deps, 'start', 'Orders', ...acting)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('was started by Ann; nothing was done'),
    });
    expect((await warren(deps, 'start', 'Others', ...acting)).stderr).toContain('no move of Others is declared');
  });

  it('ends with 1 when the tables are not equal', async () => {
    const differs = shown({ comparison: { ...equal, suspects: [{ id: 'one' }], different: 1 } });
    const { deps } = stageThat(shown(), shown(), differs);

    expect(await warren(deps, 'compare', 'Orders', ...acting)).toMatchObject({ status: 1 });
  });

  it.each([
    ['next', 'reading', 'closing'],
    ['back', 'written', 'returning'],
  ] as const)('ends with 1 when %s closed writes in vain: the move is %s again', async (act, step, closed) => {
    const reopened = { step, comparison: undefined };
    const { deps } = stageThat(shown({ step }), shown({ step: closed, closed_at: at }), shown(reopened));

    expect(await warren(deps, act, 'Orders', ...acting)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`Orders is ${step} as before`),
    });
  });
});
