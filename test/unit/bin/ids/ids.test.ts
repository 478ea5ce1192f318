import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { IdsDeps } from '../../../../bin/warren/ids/options.ts';
import { runWarren } from '../../../../bin/warren/program.ts';
import { NotInvokedError } from '../../../../bin/warren/stage/invoked.ts';
import { createOrderNumbers } from '../../../../lambdas/shared/order-numbers/order-numbers.ts';

const number = createOrderNumbers({ current: '1', keys: { '1': 'a key of enough characters' } }).encode(1234);
const decoded = { outcome: 'decoded', sequence: 1234, key_version: '1', is_given_out: true } as const;

async function warren(decode: IdsDeps['decode'], ...args: string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const read = Promise.all([text(out), text(err)]);
  const io = { stdin: Readable.from([]), stdout: out, stderr: err };
  const status = await runWarren(['ids', 'decode', ...args, '--stage', 'dev'], io, {
    identifying: async () => ({ decode }),
  });
  out.end();
  err.end();
  const [stdout, stderr] = await read;
  return { status, stdout, stderr };
}

const unasked: IdsDeps['decode'] = () => Promise.reject(new Error('it was asked'));

describe('warren ids decode', () => {
  it('says which number it is', async () => {
    const { status, stdout } = await warren(async () => decoded, number);

    expect(stdout).toContain('is number 1,234 of its sequence, under key 1. It was given out.');
    expect(status).toBe(0);
  });

  it('says it to machines', async () => {
    const { status, stdout } = await warren(async () => decoded, number, '--json');

    expect(JSON.parse(stdout)).toEqual({ order_number: number, ...decoded });
    expect(status).toBe(0);
  });

  it('says that one was not given out', async () => {
    const { status, stdout } = await warren(async () => ({ ...decoded, is_given_out: false }), number);

    expect(stdout).toContain('not given out yet');
    expect(status).toBe(1);
  });

  it.each([
    ['short', '1234', 'has 4 digits, and must have 17'],
    ['with a letter', `${number.slice(0, -1)}x`, 'digits alone'],
    ['with a wrong digit', `${number.slice(0, 5)}${(Number(number[5]) + 1) % 10}${number.slice(6)}`, 'mistyped'],
  ])('refuses one that is %s before anything is asked', async (_, wrong, problem) => {
    const { status, stderr } = await warren(unasked, wrong);

    expect(stderr).toContain(problem);
    expect(status).toBe(2);
  });

  it('passes on why the function refuses it', async () => {
    const reason = 'this is no order number: there is no key of version 9';
    const { status, stderr } = await warren(async () => ({ outcome: 'refused', reason }), number);

    expect(stderr).toContain(reason);
    expect(status).toBe(2);
  });

  it('does not call it unknown when nobody answered', async () => {
    const { status, stdout, stderr } = await warren(() => Promise.reject(new NotInvokedError('timeout')), number);

    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('timeout');
  });
});
