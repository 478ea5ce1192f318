import { NotYuanError } from './errors.ts';

/** 分 of what a bill says in 元, as `12.3` or `0.01`: digit by digit, for 0.29 * 100 is 28.999… Throws a `NotYuanError`. */
export function fenOf(yuan: string): number {
  const [, whole, decimals = ''] = /^(\d{1,16})(?:\.(\d{1,2}))?$/.exec(yuan) ?? [];
  if (whole === undefined) throw new NotYuanError(yuan);
  const fen = Number(whole + decimals.padEnd(2, '0'));
  // Beyond it two amounts are one number.
  if (!Number.isSafeInteger(fen)) throw new NotYuanError(yuan);
  return fen;
}
