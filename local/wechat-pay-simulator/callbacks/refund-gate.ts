export type RefundGate = ReturnType<typeof createRefundGate>;

/** Lets a payment be told after its refund: it waits here until the refund was. */
export function createRefundGate() {
  const waiting = new Map<string, (() => void)[]>();
  return {
    untilOpen: (out_trade_no: string): Promise<void> =>
      new Promise((resolve) => {
        waiting.set(out_trade_no, [...(waiting.get(out_trade_no) ?? []), resolve]);
      }),
    open(out_trade_no: string): void {
      for (const goOn of waiting.get(out_trade_no) ?? []) goOn();
      waiting.delete(out_trade_no);
    },
  };
}
