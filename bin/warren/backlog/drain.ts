import { count } from '../publish/count.ts';
import { createProgress } from '../publish/progress.ts';
import {
  type EarlyForecast,
  earlyForecast,
  type Forecast,
  type ForecastError,
  forecast,
  forecastError,
  type Rates,
  type Sample,
} from './forecast.ts';
import { span } from './spans.ts';
import { type DeployedQueue, type OperatorRun, totalOf } from './stage.ts';

export interface Watching {
  readonly untilDrained: boolean;
  readonly everyMs: number;
}

/** What became of a backlog while it was watched. */
export interface Drain {
  /** Messages at the first and at the last look. */
  readonly first: number;
  readonly last: number;
  readonly isEmpty: boolean;
  /** Of the forecast after the first tenth; of a queue that is empty at the end. */
  readonly forecast?: ForecastError | undefined;
}

/** SQS's counts are approximate: one look that finds nothing proves nothing. */
const emptyLooks = 2;
/** Looks in a row that fail, after which nobody knows any longer what happens. */
const mostFailures = 5;
/** CloudWatch writes once a minute. */
const ratesEveryMs = 60_000;

/**
 * Looks at a queue every few seconds and forecasts its end, until it is empty or somebody stops it. What is seen while its consumer is paused
 * says nothing of how fast that is: the forecast begins anew when it goes on. Throws when it cannot look any more.
 */
export async function watchDrain(
  { queue, mapping }: { readonly queue: DeployedQueue; readonly mapping: string },
  { untilDrained, everyMs }: Watching,
  run: OperatorRun,
  stop: AbortSignal,
): Promise<Drain> {
  const { stage, io, deps } = run;
  const first = totalOf(queue.depth);
  const arrivals = createArrivals(queue, run);
  let seen: Seen = { samples: [{ atMs: deps.now(), backlog: first }], now: { kind: 'unclear' }, isPaused: false };
  let [failures, empty] = [0, 0];
  const progress = createProgress({ stderr: io.stderr, text: () => seenText(seen), total: first, now: deps.now });
  try {
    while (!(untilDrained && empty >= emptyLooks)) {
      await deps.pause(everyMs, stop);
      if (stop.aborted) break;
      try {
        const [depth, { state }] = await Promise.all([stage.queues.depth(queue), stage.mappings.get(mapping)]);
        const sample = { backlog: totalOf(depth), atMs: deps.now() };
        seen = state === 'Disabled' ? pausedAt(sample) : seenAlso(seen, sample, await arrivals());
        empty = sample.backlog === 0 ? empty + 1 : 0;
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === mostFailures) throw error;
      }
      progress.show(first - backlogOf(seen));
    }
  } finally {
    progress.end();
  }
  const isEmpty = empty >= emptyLooks;
  const { early, samples } = seen;
  return {
    first,
    last: backlogOf(seen),
    isEmpty,
    ...(early && isEmpty && { forecast: forecastError(early, emptySince(samples)) }),
  };
}

/** What the looks so far say. */
interface Seen {
  readonly samples: readonly Sample[];
  readonly now: Forecast;
  readonly early?: EarlyForecast | undefined;
  readonly isPaused: boolean;
}

function pausedAt(sample: Sample): Seen {
  return { samples: [sample], now: { kind: 'unclear' }, isPaused: true };
}

function seenAlso(before: Seen, sample: Sample, arriving: number | undefined): Seen {
  const samples = [...before.samples, sample];
  const now = forecast(samples, arriving);
  return { samples, now, early: earlyForecast(samples, now, before.early), isPaused: false };
}

function backlogOf({ samples }: Pick<Seen, 'samples'>): number {
  return samples.at(-1)?.backlog ?? 0;
}

/** When it was first seen empty, of those looks at the end that all found it so. */
function emptySince(samples: readonly Sample[]): number {
  const lastFull = samples.findLastIndex(({ backlog }) => backlog > 0);
  return samples[lastFull + 1]?.atMs ?? 0;
}

/** Messages a second that CloudWatch counts, asked once a minute; undefined where it knows nothing. */
function createArrivals({ sqsName }: DeployedQueue, { stage, deps }: OperatorRun) {
  let [next, known]: [number, number | undefined] = [0, undefined];
  return async (): Promise<number | undefined> => {
    if (deps.now() < next) return known;
    next = deps.now() + ratesEveryMs;
    // A forecast without it is a forecast all the same.
    const rates = await stage.readRates([sqsName]).catch(() => undefined);
    const perMinute = rates?.get(sqsName)?.inPerMinute;
    known = perMinute === undefined ? undefined : perMinute / 60;
    return known;
  };
}

function seenText(seen: Seen): string {
  const end = seen.isPaused ? 'paused: nothing is handled until it is resumed' : endText(seen.now);
  return `${count(backlogOf(seen))} left, ${end}`;
}

function endText(now: Forecast): string {
  switch (now.kind) {
    case 'unclear':
      return 'no forecast yet';
    case 'never':
      return `never empty at this rate (${ratesText(now)})`;
    case 'drains':
      return `empty in ${span(now.seconds)} (${ratesText(now)})`;
    default:
      return now satisfies never;
  }
}

function ratesText({ net, arriving, served }: Rates): string {
  const sign = net < 0 ? '−' : '+';
  const parts = [`${sign}${Math.abs(net).toFixed(1)}/s`];
  if (arriving !== undefined && served !== undefined)
    parts.push(`${arriving.toFixed(1)}/s come, ${served.toFixed(1)}/s are handled`);
  return parts.join(': ');
}
