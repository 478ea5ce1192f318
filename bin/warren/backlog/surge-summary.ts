import type { Surge } from '../../../lambdas/shared/audit/audit-log.ts';
import { type ExitStatus, type Io, printJson } from '../io.ts';
import { count, messages } from '../publish/count.ts';
import type { Drain } from './drain.ts';
import { nameOf, quotedName } from './find.ts';
import type { ForecastError } from './forecast.ts';
import { type SetBack, setBackText } from './set-back.ts';
import type { DeployedQueue } from './stage.ts';

export interface SurgeEnd {
  readonly queue: DeployedQueue;
  readonly surge: Surge;
  readonly drain?: Drain | undefined;
  readonly seconds: number;
  /** Why it ended before its time. */
  readonly stopped?: string | undefined;
  readonly result?: SetBack | undefined;
  /** Why it was not set back. */
  readonly failure?: string | undefined;
}

/** 0 only if the surge did what was asked, and what was there before is restored. */
export function tellSurge(end: SurgeEnd, { json }: { readonly json: boolean }, io: Io): ExitStatus {
  const ok = end.stopped === undefined && end.failure === undefined && end.result !== 'under-way';
  if (json) printJson(io, toJson(ok, end));
  else io.stdout.write(`${lines(end).join('\n')}\n`);
  return ok ? 0 : 1;
}

function toJson(ok: boolean, { queue, surge, drain, seconds, stopped, result, failure }: SurgeEnd) {
  return {
    ok,
    queue: nameOf(queue),
    subject: surge.subject,
    before: surge.before,
    during: surge.during,
    concurrency: result ?? 'not restored',
    backlog: drain ? { first: drain.first, last: drain.last, isEmpty: drain.isEmpty } : null,
    seconds,
    forecast: drain?.forecast ?? null,
    stopped: stopped ?? null,
    failure: failure ?? null,
  };
}

function lines({ queue, surge, drain, seconds, stopped, result, failure }: SurgeEnd): string[] {
  const name = quotedName(queue);
  return [
    `${name}: ${surge.during} at once instead of ${surge.before} for ${Math.round(seconds)} s.`,
    ...(drain ? [`${backlogText(name, drain)}`] : []),
    ...(drain?.forecast ? [forecastText(drain.forecast)] : []),
    ...(stopped === undefined ? [] : [`Stopped: ${stopped}`]),
    failure === undefined && result !== undefined
      ? `${capital(setBackText(result, surge))}.`
      : `Not restored: ${failure}. Do it with: npx warren surge --restore ${nameOf(queue)}`,
  ];
}

function backlogText(name: string, { first, last, isEmpty }: Drain): string {
  if (isEmpty) return `Of ${messages(first)} none is left: ${name} is empty.`;
  return `${messages(first)} at the beginning, ${count(last)} at the end.`;
}

function forecastText({ forecastSeconds, tookSeconds, error }: ForecastError): string {
  const off = `${Math.abs(Math.round(error * 100))} % too ${error < 0 ? 'short' : 'long'}`;
  return `Forecast after the first tenth: ${forecastSeconds.toFixed(1)} s more. It took ${tookSeconds.toFixed(1)} s: ${off}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
