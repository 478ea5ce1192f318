/** What was seen of a queue at a moment. */
export interface Sample {
  readonly atMs: number;
  /** Visible, in flight and delayed. */
  readonly backlog: number;
}

export interface Rates {
  /** Messages a second by which the backlog changes; below zero it shrinks. */
  readonly net: number;
  /** Where arrivals are known: those, and what must then be served. */
  readonly arriving?: number | undefined;
  readonly served?: number | undefined;
}

/**
 * `unclear`: too few looks, or looks that contradict each other more than the backlog moves. `never`: what is served does not exceed what
 * arrives. `drains`: in so many seconds, counted from the last look.
 */
export type Forecast =
  | { readonly kind: 'unclear' }
  | ({ readonly kind: 'never' } & Rates)
  | ({ readonly kind: 'drains'; readonly seconds: number } & Rates);

/** Two looks make a line through anything. */
const fewestSamples = 4;
/** So many looks back at most: functions that start up, or a dependency that slows down, change the rate. */
const mostSamples = 30;
/** This share of all pairs of looks must not contradict the direction; two that see the same do not. */
const agreeing = 0.9;

/**
 * When a queue will be empty, if all goes on as lately. The rate is the median of the slopes between every two looks (Theil and Sen): SQS's
 * counts are approximate, and one that is far off must not move it. `arriving`: messages a second, where something counts them.
 */
export function forecast(samples: readonly Sample[], arriving?: number): Forecast {
  const last = samples.at(-1);
  const looks = sinceItMoved(samples.slice(-mostSamples));
  const slopes = slopesOf(looks);
  if (last === undefined || looks.length < fewestSamples || slopes.length === 0) return { kind: 'unclear' };
  const net = quantile(slopes, 0.5);
  const rates = { net, ...(arriving !== undefined && { arriving, served: Math.max(0, arriving - net) }) };
  if (net < 0 && quantile(slopes, agreeing) <= 0) return { kind: 'drains', seconds: last.backlog / -net, ...rates };
  const isGrowing = net > 0 && quantile(slopes, 1 - agreeing) >= 0;
  // What neither grows nor shrinks is not emptied either; a few looks may still hide that it shrinks slowly.
  if (isGrowing || samples.length >= mostSamples) return { kind: 'never', ...rates };
  return { kind: 'unclear' };
}

/** Functions that start up handle nothing at first: looks at the level before say nothing of how fast they are. */
function sinceItMoved(samples: readonly Sample[]): readonly Sample[] {
  const moved = samples.findIndex(({ backlog }) => backlog !== samples[0]?.backlog);
  return moved === -1 ? samples : samples.slice(moved - 1);
}

/** Messages a second, ascending. */
function slopesOf(samples: readonly Sample[]): number[] {
  return samples
    .flatMap((one, at) => samples.slice(at + 1).map((other) => slope(one, other)))
    .filter((value) => Number.isFinite(value))
    .sort((one, other) => one - other);
}

function slope(from: Sample, to: Sample): number {
  return ((to.backlog - from.backlog) * 1000) / (to.atMs - from.atMs);
}

function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.round((ascending.length - 1) * share)] ?? 0;
}

/** A forecast that was made on the way, to be held against what happened. */
export interface EarlyForecast {
  readonly atMs: number;
  readonly seconds: number;
}

/** After which share of the backlog a forecast is kept, to be judged at the end. */
const earlyShare = 0.1;

/** The forecast that was made first after a tenth of the first backlog was gone. Undefined: none yet. */
export function earlyForecast(
  samples: readonly Sample[],
  now: Forecast,
  before: EarlyForecast | undefined,
): EarlyForecast | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (before !== undefined || first === undefined || last === undefined || now.kind !== 'drains') return before;
  return last.backlog <= first.backlog * (1 - earlyShare) ? { atMs: last.atMs, seconds: now.seconds } : undefined;
}

export interface ForecastError {
  readonly forecastSeconds: number;
  readonly tookSeconds: number;
  /** Of what it took: 0.1 is ten per cent too long, -0.1 too short. */
  readonly error: number;
}

export function forecastError({ atMs, seconds }: EarlyForecast, emptyAtMs: number): ForecastError {
  const tookSeconds = (emptyAtMs - atMs) / 1000;
  return { forecastSeconds: seconds, tookSeconds, error: (seconds - tookSeconds) / Math.max(tookSeconds, 0.001) };
}
