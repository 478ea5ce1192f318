import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ReachedBalances } from '../../../../bin/warren/balances/options.ts';
import { runWarren } from '../../../../bin/warren/program.ts';
import { asCounted, type CountedEntry } from '../../../../lambdas/shared/balances/balances.ts';
import type { LedgerEntry } from '../../../../lambdas/shared/balances/ledger-pages.ts';
import { type Money, noMoney, plus } from '../../../../lambdas/shared/balances/money.ts';
import { type OrderState, orderVersions } from '../../../../lambdas/shared/orders/order-event.ts';

const now = Date.parse('2026-11-23T03:00:00Z');
const minutesAgo = (minutes: number) => new Date(now - minutes * 60_000).toISOString();

function entry(
  out_trade_no: string,
  state: OrderState,
  { total = 8800, currency = 'CNY', minutes = 60 } = {},
): LedgerEntry {
  return {
    out_trade_no,
    state,
    version: orderVersions[state],
    amount: { total, currency },
    changed_at: minutesAgo(minutes),
    recorded_at: minutesAgo(minutes),
  };
}

interface Stage {
  readonly entries: readonly LedgerEntry[];
  /** Default: all of them, as they are. */
  readonly counted?: readonly CountedEntry[];
  /** Each time it is asked. Default: the sum of what is counted. */
  readonly balances?: readonly ReadonlyMap<string, Money>[];
  readonly unreadable?: readonly string[];
}

const sumOf = (entries: readonly CountedEntry[]) =>
  entries.reduce(
    (sums, one) => sums.set(one.currency, plus(sums.get(one.currency) ?? noMoney, one)),
    new Map<string, Money>(),
  );

/** A ledger in pages of two entries. */
function reached({ entries, unreadable = [], ...stage }: Stage): ReachedBalances {
  const counted = stage.counted ?? entries.filter(({ state }) => state !== 'PAYING').map(asCounted);
  const balances = stage.balances ?? [sumOf(counted)];
  let asked = 0;
  return {
    balances: {
      balances: async () => balances[Math.min(asked++, balances.length - 1)] ?? new Map(),
      counted: async (orders) => counted.filter(({ out_trade_no }) => orders.includes(out_trade_no)),
    },
    ledger: {
      async page(after) {
        const from = after === undefined ? 0 : Number(after);
        const next = from + 2 < entries.length ? String(from + 2) : undefined;
        return { rows: entries.slice(from, from + 2), unreadable: next === undefined ? unreadable : [], next };
      },
      roughCount: async () => entries.length,
    },
  };
}

async function warren(stage: Stage, ...args: string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const read = Promise.all([text(out), text(err)]);
  const io = { stdin: Readable.from([]), stdout: out, stderr: err };
  const status = await runWarren(['balances', ...args, '--stage', 'dev'], io, {
    balancing: async () => ({ reach: async () => reached(stage), now: () => now }),
  });
  out.end();
  err.end();
  const [stdout] = await read;
  return { status, stdout };
}

const ledger = [
  entry('a', 'PAID'),
  entry('b', 'REFUNDED', { total: 100 }),
  entry('c', 'PAYING'),
  entry('d', 'REFUNDING', { total: 5 }),
];

describe('warren balances', () => {
  it('says what was received, sent back, and what is between them', async () => {
    const { status, stdout } = await warren({ entries: ledger });

    expect(stdout).toContain('89.05 CNY');
    expect(stdout).toMatch(/CNY +89\.05 CNY +0\.05 CNY +1\.00 CNY +88\.05 CNY/);
    expect(status).toBe(0);
  });

  it('says it to machines, in fen', async () => {
    const { stdout } = await warren({ entries: ledger }, '--json');

    expect(JSON.parse(stdout)).toEqual({
      balances: [{ currency: 'CNY', received: 8905, on_its_way_back: 5, sent_back: 100, net: 8805 }],
    });
  });

  it('says when nothing is counted yet', async () => {
    expect(await warren({ entries: [] })).toEqual({ status: 0, stdout: 'No money is counted yet.\n' });
  });
});

describe('warren balances --check', () => {
  const check = (stage: Stage, ...args: string[]) => warren(stage, '--check', ...args);

  it('says that the balance is what the ledger says', async () => {
    const { status, stdout } = await check({ entries: ledger });

    expect(stdout).toContain('4 entries of the ledger were read.');
    expect(stdout).toContain('The balance is what the ledger says.');
    expect(status).toBe(0);
  });

  it('says what is on its way, and takes that for no difference', async () => {
    const late = entry('e', 'PAID', { minutes: 1 });
    const { status, stdout } = await check({ entries: [...ledger, late], counted: ledger.map(asCounted) });

    expect(stdout).toContain('1 entry is on the way to the balance.');
    expect(status).toBe(0);
  });

  it('says which entries are not counted for too long', async () => {
    const { status, stdout } = await check({ entries: ledger, counted: [asCounted(entry('a', 'PAID'))] });

    expect(stdout).toContain('2 entries are not counted for over 15 min: b, d');
    expect(status).toBe(1);
  });

  it('says so of entries whose older version is counted, and not of those whose newer one came while they were read', async () => {
    const entries = [entry('a', 'REFUNDED'), entry('b', 'PAID')];
    const { status, stdout } = await check({
      entries,
      counted: [asCounted(entry('a', 'PAID')), asCounted(entry('b', 'REFUNDED'))],
    });

    expect(stdout).toContain('1 entry is not counted for over 15 min: a');
    expect(stdout).not.toContain('other content');
    expect(status).toBe(1);
  });

  it('says which are counted with other content, and which are none', async () => {
    const counted = [asCounted(entry('a', 'PAID', { total: 1 }))];
    const { status, stdout } = await check({ entries: [entry('a', 'PAID')], counted, unreadable: ['odd'] });

    expect(stdout).toContain('1 entry is counted with other content: a');
    expect(stdout).toContain('1 entry is no entry as we know it: odd');
    expect(status).toBe(1);
  });

  it('blames no deletion for an entry that was counted and cannot be read any more', async () => {
    const counted = [...ledger.filter(({ state }) => state !== 'PAYING'), entry('odd', 'PAID')].map(asCounted);
    const { status, stdout } = await check({ entries: ledger, counted, unreadable: ['odd'] });

    expect(stdout).toContain('1 entry is no entry as we know it: odd');
    expect(stdout).not.toContain('is not the sum');
    expect(status).toBe(1);
  });

  it('goes by the change of an entry that does not say when it was recorded', async () => {
    const { recorded_at: _, ...byHand } = entry('e', 'PAID');
    const { stdout } = await check({ entries: [byHand], counted: [] });

    expect(stdout).toContain('1 entry is not counted for over 15 min: e');
  });

  it('says that a balance is not the sum of its entries', async () => {
    const { status, stdout } = await check({
      entries: ledger,
      balances: [new Map([['CNY', { ...noMoney, received: 1 }]])],
    });

    expect(stdout).toContain('The balance of CNY is not the sum');
    expect(status).toBe(1);
  });

  it('says that it cannot compare what moves meanwhile', async () => {
    const balances = [noMoney, { ...noMoney, received: 1 }].map((money) => new Map([['CNY', money]]));
    const { status, stdout } = await check({ entries: ledger, balances });

    expect(stdout).toContain('run it again');
    expect(stdout).not.toContain('is not the sum');
    expect(status).toBe(1);
  });

  it('says all of it to machines', async () => {
    const { stdout } = await check({ entries: ledger, counted: [] }, '--json');

    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      entries: 4,
      behind: [{ out_trade_no: 'a' }, { out_trade_no: 'b' }, { out_trade_no: 'd' }],
      currencies: [{ currency: 'CNY', ledger: { received: 8905 }, counted: noMoney, balance: noMoney }],
    });
  });
});
