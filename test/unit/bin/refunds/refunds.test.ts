import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runWarren } from '../../../../bin/warren/program.ts';
import { DeskNotAnsweredError, type RefundsDeps } from '../../../../bin/warren/refunds/options.ts';
import type { DeskAnswers, Refundable } from '../../../../lambdas/shared/refunds/desk-contract.ts';
import type { RefundRow } from '../../../../lambdas/shared/refunds/refund-row.ts';

const refundable: Refundable = {
  outcome: 'found',
  out_trade_no: 'T-1',
  state: 'PAID',
  transaction_id: '42',
  currency: 'CNY',
  total: 8800,
  reserved: 805,
  refunded: 800,
};
const row: RefundRow = {
  transaction_id: '42',
  out_refund_no: 'OP1',
  out_trade_no: 'T-1',
  refund: 7995,
  total: 8800,
  currency: 'CNY',
  state: 'REQUESTED',
  reason: 'ticket 7',
  requested_at: '2026-11-20T02:00:00.000Z',
};
const refused = { outcome: 'refused', reason: 'there is no order T-1' } as const;

/** A stage whose desk answers so. */
function deskThat(answers: { readonly [Act in keyof DeskAnswers]?: DeskAnswers[Act] | Error }) {
  const asked: object[] = [];
  const answer =
    <Act extends keyof DeskAnswers>(act: Act) =>
    async (request: object): Promise<DeskAnswers[Act]> => {
      asked.push({ act, ...request });
      const given: DeskAnswers[Act] | Error | undefined = answers[act];
      if (given === undefined) throw new Error('Not implemented');
      if (given instanceof Error) throw given;
      return given;
    };
  const deps: RefundsDeps = {
    reach: async () => ({
      desk: { look: answer('look'), list: answer('list'), request: answer('request'), withdraw: answer('withdraw') },
      caller: async () => 'arn:ming',
    }),
    newNumber: () => 'OP1',
    now: () => new Date('2026-11-23T02:00:00Z'),
  };
  return { deps, asked };
}

async function warren(deps: RefundsDeps, args: readonly string[], typed?: string) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const read = Promise.all([text(out), text(err)]);
  const stdin = Object.assign(Readable.from(typed === undefined ? [] : [typed]), { isTTY: typed !== undefined });
  const refunding = async () => deps;
  const status = await runWarren(['refunds', ...args], { stdin, stdout: out, stderr: err }, { refunding });
  out.end();
  err.end();
  const [stdout, stderr] = await read;
  return { status, stdout, stderr };
}

const request = ['request', 'T-1', '--stage', 'dev', '--reason', 'ticket 7'];
const operator = { who: 'arn:ming', why: 'ticket 7' };

describe('warren refunds request', () => {
  it('asks with what is left of the payment, and says what goes back, before it does it', async () => {
    const { deps, asked } = deskThat({ look: refundable, request: { outcome: 'requested', refund: row } });

    const { status, stdout, stderr } = await warren(deps, request, 'y\n');

    expect(status).toBe(0);
    expect(stderr).toContain(
      'Order T-1 is PAID, payment 42: of 88.00 CNY paid, 8.00 CNY are back and 0.05 CNY on their way. Who ships was told when it was paid: stop that yourself. Send 79.95 CNY back?',
    );
    expect(stderr).toContain("The refund's number is OP1.");
    expect(stdout).toContain('Refund OP1, 79.95 CNY of order T-1, is requested.');
    expect(asked).toEqual([
      { act: 'look', out_trade_no: 'T-1' },
      { act: 'request', out_trade_no: 'T-1', out_refund_no: 'OP1', fen: 7995, operator },
    ]);
  });

  it.each([
    ['a no', 'n\n', 1],
    ['nobody to ask', undefined, 2],
  ])('does nothing after %s', async (_, typed, exit) => {
    const { deps, asked } = deskThat({ look: refundable });

    expect(await warren(deps, request, typed)).toMatchObject({ status: exit });
    expect(asked).toHaveLength(1);
  });

  it('says how to ask again for the same refund when there was no answer', async () => {
    const { deps } = deskThat({ look: refundable, request: new DeskNotAnsweredError('refund-desk failed: timeout') });

    const { status, stdout } = await warren(deps, [...request, '--fen', '100', '--yes']);

    expect(status).toBe(1);
    expect(stdout).toContain('refund-desk failed: timeout');
    expect(stdout).toContain("npx warren refunds request T-1 --stage dev --fen 100 --number OP1 --reason '…'");
  });

  it('asks again under the number it is given', async () => {
    const repeated = { outcome: 'repeated', refund: { ...row, state: 'PROCESSING' } } as const;
    const { deps, asked } = deskThat({ look: refundable, request: repeated });

    const { stdout } = await warren(deps, [...request, '--fen', '7995', '--number', 'OP1', '--yes']);

    expect(asked.at(-1)).toMatchObject({ out_refund_no: 'OP1' });
    expect(stdout).toContain('was asked for before, and is PROCESSING');
  });

  it.each([
    ['an order that cannot be refunded', { look: refused }, 2],
    ['one of which nothing is left', { look: { ...refundable, reserved: 8800 } }, 2],
    ['a desk that is not there', { look: new DeskNotAnsweredError('down') }, 2],
    ['a refund that the desk refuses', { look: refundable, request: refused }, 1],
  ])('ends with another status for %s', async (_, answers, exit) => {
    expect(await warren(deskThat(answers).deps, [...request, '--yes'])).toMatchObject({ status: exit });
  });

  it.each([
    ['0', '--fen'],
    ['1.5', '--fen'],
    ['-1', '--fen'],
    ['1e2', '--fen'],
    ['退款', '--number'],
    ['WR42', '--number'],
    [' ', '--reason'],
  ])('takes no %j for %s', async (value, option) => {
    const { deps, asked } = deskThat({});
    const fen = option === '--fen' ? [] : ['--fen', '1'];

    expect(await warren(deps, [...request, ...fen, '--yes', `${option}=${value}`])).toMatchObject({ status: 2 });
    expect(asked).toEqual([]);
  });

  it('takes no --number without --fen: what is left is not what the refund of that number was', async () => {
    const { deps, asked } = deskThat({ look: refundable });

    expect(await warren(deps, [...request, '--yes', '--number', 'OP1'])).toMatchObject({ status: 2 });
    expect(asked).toEqual([]);
  });

  it('of a payment that the order was not paid by names it, also when it is asked for again', async () => {
    const second = { ...refundable, transaction_id: '43', reserved: 0, refunded: 0 };
    const { deps, asked } = deskThat({ look: second, request: new DeskNotAnsweredError('down') });

    const { stdout } = await warren(deps, [...request, '--payment', '43', '--who', 'ming', '--yes']);

    expect(asked).toEqual([
      { act: 'look', out_trade_no: 'T-1', transaction_id: '43' },
      expect.objectContaining({ transaction_id: '43', operator: { who: 'ming (arn:ming)', why: 'ticket 7' } }),
    ]);
    expect(stdout).toContain('--payment 43 --fen 8800 --number OP1');
  });

  it('answers machines in JSON, that nothing is known too', async () => {
    const { deps } = deskThat({ look: refundable, request: new DeskNotAnsweredError('down') });

    const { stdout } = await warren(deps, [...request, '--yes', '--json']);

    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      out_trade_no: 'T-1',
      out_refund_no: 'OP1',
      fen: 7995,
      outcome: 'unknown',
      reason: 'down',
    });
  });
});

describe('warren refunds withdraw', () => {
  const withdraw = ['withdraw', 'OP1', '--stage', 'dev', '--reason', 'ticket 7', '--yes'];

  it('says that it is done, and what is free again', async () => {
    const { deps, asked } = deskThat({ withdraw: { outcome: 'withdrawn', refund: row, state: 'PAID' } });

    const { status, stdout } = await warren(deps, withdraw);

    expect(status).toBe(0);
    expect(stdout).toBe(
      'Refund OP1 is withdrawn: 79.95 CNY of the payment 42, order T-1, are free for another refund.\n',
    );
    expect(asked).toEqual([{ act: 'withdraw', out_refund_no: 'OP1', operator }]);
  });

  it('says what is left to do for an order that nobody looks after any more', async () => {
    const { deps } = deskThat({ withdraw: { outcome: 'withdrawn', refund: row, state: 'REFUNDING' } });

    expect((await warren(deps, withdraw)).stdout).toContain('The order is REFUNDING and stays so');
  });

  it.each([
    ['is refused', refused, 'Not withdrawn: there is no order T-1'],
    ['is not known', new DeskNotAnsweredError('down'), 'Not known: down'],
  ])('says why it %s', async (_, answer, why) => {
    const { status, stdout } = await warren(deskThat({ withdraw: answer }).deps, withdraw);

    expect(status).toBe(1);
    expect(stdout).toContain(why);
  });
});

describe('warren refunds show', () => {
  it('tells how a payment stands', async () => {
    const { deps, asked } = deskThat({ look: refundable });

    const { status, stdout } = await warren(deps, ['show', 'T-1', '--stage', 'dev', '--payment', '42']);

    expect(status).toBe(0);
    expect(stdout).toBe(
      'Order T-1 is PAID, payment 42: of 88.00 CNY paid, 8.00 CNY are back and 0.05 CNY on their way.\n',
    );
    expect(asked).toEqual([{ act: 'look', out_trade_no: 'T-1', transaction_id: '42' }]);
  });

  it('says what is wrong with an order', async () => {
    expect(await warren(deskThat({ look: refused }).deps, ['show', 'T-9', '--stage', 'dev'])).toMatchObject({
      status: 2,
    });
  });
});

describe('warren refunds list', () => {
  it('shows what is open, for how long, and why', async () => {
    const { deps, asked } = deskThat({ list: { refunds: [row], isAll: false } });

    const { status, stdout } = await warren(deps, ['list', '--stage', 'dev', '--most', '1']);

    expect(status).toBe(0);
    expect(stdout).toMatch(/OP1 +T-1 +42 +79\.95 CNY +REQUESTED +3 d +ticket 7/);
    expect(stdout).toContain('there are more');
    expect(asked).toEqual([{ act: 'list', most: 1 }]);
  });

  it('says when nothing is', async () => {
    const { deps } = deskThat({ list: { refunds: [], isAll: true } });

    expect((await warren(deps, ['list', '--stage', 'dev'])).stdout).toBe('No refund is open.\n');
  });
});
