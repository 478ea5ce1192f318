import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { UsageError } from '../../../../bin/warren/io.ts';
import { PageFailedError, type RebuildDeps } from '../../../../bin/warren/order-cache/options.ts';
import { runWarren } from '../../../../bin/warren/program.ts';
import type { RebuildAnswer, RebuildRequest } from '../../../../lambdas/shared/order-cache/rebuild-contract.ts';

const refused = (isFinal = false) => new PageFailedError('the order cache refuses: ECONNREFUSED', { isFinal });

/** A stage whose function gives these answers, one after another. */
function stageThat(...answers: readonly (Partial<RebuildAnswer> | Error)[]) {
  const asked: RebuildRequest[] = [];
  const pauses: number[] = [];
  const stop = new AbortController();
  const left = [...answers];
  const deps: RebuildDeps = {
    reach: async () => async (request) => {
      asked.push(request);
      const answer = left.shift();
      if (answer === undefined) throw new Error('Not implemented');
      if (answer instanceof Error) throw answer;
      return { stored: 0, kept: 0, unreadable: [], ...answer };
    },
    listenForInterrupts: () => ({ stop: stop.signal, giveUp: new AbortController().signal, release() {} }),
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
    },
    now: () => 0,
  };
  return { deps, asked, pauses, stop };
}

async function warren(args: readonly string[], deps: RebuildDeps) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const read = Promise.all([text(out), text(err)]);
  const refuse = async () => {
    throw new Error('Not implemented');
  };
  const io = { stdin: Readable.from([]), stdout: out, stderr: err };
  const status = await runWarren(['order-cache', 'rebuild', ...args], io, refuse, undefined, async () => deps);
  out.end();
  err.end();
  const [stdout, stderr] = await read;
  return { status, stdout, stderr };
}

describe('warren order-cache rebuild', () => {
  it('asks for page after page, each behind the last order of the one before', async () => {
    const { deps, asked } = stageThat({ stored: 2, next: 'T-2', roughTotal: 3 }, { kept: 1, next: 'T-3' }, {});

    const { status, stdout } = await warren(['--stage', 'dev', '--page', '2'], deps);

    expect(status).toBe(0);
    expect(asked).toEqual([{ limit: 2 }, { limit: 2, after: 'T-2' }, { limit: 2, after: 'T-3' }]);
    expect(stdout).toBe('3 orders read in 0.0 s: 2 put into the cache, 1 newer there.\n');
  });

  it('asks again for a page that the cache refused, a little later each time', async () => {
    const { deps, asked, pauses } = stageThat(refused(), refused(), refused(), { stored: 1 });

    expect(await warren(['--stage', 'dev'], deps)).toMatchObject({ status: 0 });
    expect(asked).toHaveLength(4);
    expect(pauses).toEqual([1000, 2000, 4000]);
  });

  it('says how to go on when it had to stop', async () => {
    const { deps } = stageThat({ stored: 2, next: 'T-2' }, ...Array(4).fill(refused()));

    const { status, stdout } = await warren(['--stage', 'dev', '--page', '2'], deps);

    expect(status).toBe(1);
    expect(stdout).toContain('Stopped: the order cache refuses: ECONNREFUSED');
    expect(stdout).toContain('Go on with: npx warren order-cache rebuild --stage dev --page 2 --after T-2');
  });

  it('goes on behind an order that is named', async () => {
    const { deps, asked } = stageThat({});

    await warren(['--stage', 'dev', '--after', 'T-2'], deps);

    expect(asked).toEqual([{ limit: 200, after: 'T-2' }]);
  });

  it('stops between two pages when it is interrupted', async () => {
    const { deps, asked, stop } = stageThat({ stored: 1, next: 'T-1' });
    const putPage = await deps.reach('dev');
    const reach =
      async () =>
      async (...request: Parameters<typeof putPage>) => {
        stop.abort();
        return putPage(...request);
      };

    const { status, stdout } = await warren(['--stage', 'dev'], { ...deps, reach });

    expect({ status, asked }).toEqual({ status: 1, asked: [{ limit: 200 }] });
    expect(stdout).toContain('--after T-1');
  });

  it('tells of rows that are no orders, and is not fine then', async () => {
    const { deps } = stageThat({ stored: 1, unreadable: ['odd'] });

    const { status, stdout } = await warren(['--stage', 'dev', '--json'], deps);

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ ok: false, stored: 1, kept: 0, unreadable: ['odd'], seconds: 0 });
  });

  it.each<[string, string[], RebuildDeps['reach'] | undefined]>([
    ['no stage is given', [], undefined],
    ['a page is no number of orders', ['--stage', 'dev', '--page', '0'], undefined],
    ['there is no such stage', ['--stage', 'dev'], () => Promise.reject(new UsageError('nothing is deployed'))],
    ['the function may not be invoked', ['--stage', 'dev'], async () => () => Promise.reject(refused(true))],
  ])('does nothing when %s', async (_, args, reach) => {
    const { deps } = stageThat();

    const { status, stdout } = await warren([...args, '--json'], { ...deps, ...(reach && { reach }) });

    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ error: { text: expect.any(String) } });
  });
});
