import { exceptionOf } from '../shared/books/describe-difference.ts';
import type { ExceptionStore } from '../shared/exceptions/exception-store.ts';
import type { Exceptions } from '../shared/exceptions/exceptions.ts';
import type { Meter } from '../shared/telemetry/telemetry.ts';
import type { Report } from './compare-round.ts';

export interface ReportDeps {
  readonly exceptions: Pick<Exceptions, 'open'>;
  readonly rows: Pick<ExceptionStore, 'get'>;
  readonly meter: Meter;
}

/** Once for each difference: what somebody has discarded, to the last fen the same, is looked at no more. */
export function createReport({ exceptions, rows, meter }: ReportDeps): Report {
  return async (difference) => {
    meter.count('BookDifferences', { kind: difference.kind });
    const exception = exceptionOf(difference);
    const row = await rows.get({ event_id: exception.eventId, source: exception.source });
    if (row?.state !== 'discarded') await exceptions.open(exception);
    return row === undefined || row.state === 'resolved';
  };
}
