import type { ListedException } from '../../../lambdas/shared/exceptions/exception-row.ts';
import type { ExceptionQuery, ExceptionStore } from '../../../lambdas/shared/exceptions/exception-store.ts';
import { quoted } from '../../../lambdas/shared/notices/plain-text.ts';
import { labelOf } from '../../../rabbitmq/plan/queue-label.ts';
import type { Filters } from './options.ts';

/** Every row that is meant, newest last: found by what fits fewest, the rest is looked through. */
export async function* select(
  store: Pick<ExceptionStore, 'find'>,
  filters: Filters,
): AsyncGenerator<ListedException, void> {
  for await (const row of store.find(queryOf(filters))) if (isMeant(row, filters)) yield row;
}

export function placeOf({ queue, vhost = '/' }: Filters): string | undefined {
  return queue === undefined ? undefined : `queue ${labelOf({ vhost, name: queue })}`;
}

function queryOf(filters: Filters): ExceptionQuery {
  const { state, event, key, fingerprint, since, until } = filters;
  const place = placeOf(filters);
  const time = { since, until };
  if (event !== undefined) return { eventId: event, ...time };
  if (key !== undefined) return { businessKey: key, ...time };
  if (fingerprint !== undefined) return { fingerprint, ...time };
  return place === undefined ? { state, ...time } : { place, ...time };
}

function isMeant(row: ListedException, filters: Filters): boolean {
  const { state, ofReason, fingerprint, key } = filters;
  const place = placeOf(filters);
  return (
    row.state === state &&
    (ofReason === undefined || row.reason === ofReason) &&
    (fingerprint === undefined || row.fingerprint === fingerprint) &&
    (key === undefined || row.business_key === key) &&
    (place === undefined || row.place === place)
  );
}

/** The filters as they are typed, to be typed again. */
export function typedFilters(filters: Filters): string {
  const { state, ofReason, fingerprint, queue, vhost, key, event, since, until } = filters;
  const options: (readonly [string, string | undefined])[] = [
    ['state', state === 'open' ? undefined : state],
    ['of-reason', ofReason],
    ['fingerprint', fingerprint],
    ['queue', queue],
    ['vhost', vhost === '/' ? undefined : vhost],
    ['key', key],
    ['event', event],
    ['since', since],
    ['until', until],
  ];
  return options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${quoted(value)}`])).join(' ');
}
