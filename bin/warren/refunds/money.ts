/** 8800 分 as `88.00 CNY`, for people. */
export function money(fen: number, currency: string): string {
  return `${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, '0')} ${currency}`;
}
