import type { Context } from 'aws-lambda';
import pMap from 'p-map';
import { deadlineOf } from '../shared/deadline.ts';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';
import type { OpenDifference } from '../shared/wechat-pay/bill/open-difference.ts';
import { billDateOf } from './bill-date.ts';
import type { CompareDay } from './compare-day.ts';

export interface HandlerDeps {
  readonly compareDay: CompareDay;
  readonly open: OpenDifference;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

/** What a person who ran it sees. */
export interface BillCompared {
  readonly bill_date: string;
  /** In the bill. */
  readonly payments: number;
  readonly refunds: number;
  /** Each is an open exception. */
  readonly differences: number;
}

/** Exceptions written at a time. */
const concurrency = 8;

/** Once a day: where WeChat Pay's bill and our orders do not agree, a person hears. It is compared when all differences are stored. */
export function createHandler({ compareDay, open, now, log, meter }: HandlerDeps) {
  return async (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<BillCompared> => {
    const bill_date = billDateOf(event, now());
    const { payments, refunds, differences } = await compareDay(bill_date, deadlineOf(context));
    await pMap(
      differences,
      async (difference) => {
        await open(bill_date, difference);
        meter.count('BillDifferences', { kind: difference.kind });
      },
      { concurrency },
    );
    meter.count('BillsCompared');
    const compared = { bill_date, payments, refunds, differences: differences.length };
    log.info('bill compared', compared);
    return compared;
  };
}
