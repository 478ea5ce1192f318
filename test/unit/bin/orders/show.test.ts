import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runWarren } from '../../../../bin/warren/program.ts';
import { type OrderBooks, UnreadableRowError } from '../../../../lambdas/shared/books/books.ts';
import { createOrderNumbers } from '../../../../lambdas/shared/order-numbers/order-numbers.ts';
import { now } from '../../lambdas/builders.ts';
import { booksOf, orderIn } from '../../lambdas/shared/books/some-books.ts';

const ours = createOrderNumbers({ current: '1', keys: { '1': 'a key of enough characters' } }).encode(1234);
const mistyped = `${ours.slice(0, 5)}${(Number(ours[5]) + 1) % 10}${ours.slice(6)}`;

async function show(number: string, books: OrderBooks | Error | undefined, ...args: string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const read = Promise.all([text(out), text(err)]);
  const nothing = { order: undefined, entry: undefined, refunds: [], sums: undefined, reservation: undefined };
  const reached = {
    books: {
      of: async (out_trade_no: string) => {
        if (books instanceof Error) throw books;
        return books ?? { out_trade_no, ...nothing };
      },
      toldOf: async () => [],
    },
    sources: { saga: async () => undefined, fulfilment: async () => undefined },
    exceptions: { async *find() {} },
  };
  const io = { stdin: Readable.from([]), stdout: out, stderr: err };
  const status = await runWarren(['orders', 'show', number, '--stage', 'dev', ...args], io, {
    telling: async () => ({ reach: async () => reached, now: () => now }),
  });
  out.end();
  err.end();
  const [stdout, stderr] = await read;
  return { status, stdout, stderr };
}

describe('warren orders show', () => {
  it('prints what is written, what it waits for, and what can be done', async () => {
    const { status, stdout } = await show('N1', booksOf(orderIn('PAID')));

    expect(status).toBe(0);
    expect(stdout).toMatch(/^Order N1: PAID\n\nwhen +source +what\n2026-11-23T02:00:00\.000Z +Orders +paid/);
    expect(stdout).toContain('It waits for\n  the merchant to take it');
    expect(stdout).toContain("  npx warren refunds request N1 --reason '…' --stage dev");
  });

  it('says it to machines', async () => {
    const { stdout } = await show('N1', booksOf(orderIn('PAID')), '--json');

    expect(JSON.parse(stdout)).toMatchObject({
      out_trade_no: 'N1',
      found: true,
      state: 'PAID',
      lines: expect.any(Array),
    });
  });

  it('says that nothing is written of such an order', async () => {
    expect(await show('another-maker-7', undefined)).toEqual({
      status: 1,
      stdout: '',
      stderr: 'warren: nothing is written of an order another-maker-7\n',
    });
    const { stdout, status } = await show('another-maker-7', undefined, '--json');
    expect({ status, ...JSON.parse(stdout) }).toEqual({ status: 1, out_trade_no: 'another-maker-7', found: false });
  });

  it('gives a hint when it looks like one of ours that was mistyped, and only then', async () => {
    expect((await show(mistyped, undefined)).stderr).toContain('its check digit is wrong');
    expect((await show(ours, undefined)).stderr).not.toContain('check digit');
    expect((await show(mistyped.slice(1), undefined)).stderr).not.toContain('check digit');
  });

  it('takes a number with a wrong check digit that somebody else has made', async () => {
    expect((await show(mistyped, booksOf(orderIn('PAID')))).status).toBe(0);
  });

  it('names a row that cannot be read', async () => {
    const { status, stderr } = await show('N1', new UnreadableRowError('Orders', 'N1', 'amount_total'));

    expect(status).toBe(2);
    expect(stderr).toContain('the row N1 of Orders is not as it should be: amount_total');
  });
});
