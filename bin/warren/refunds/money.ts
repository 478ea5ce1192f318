/** 8800 分 as `88.00 CNY`, for people. */
export function money(fen: number, currency: string): string {
  const part = String(Math.abs(fen) % 100).padStart(2, '0');
  return `${fen < 0 ? '-' : ''}${Math.trunc(Math.abs(fen) / 100)}.${part} ${currency}`;
}
