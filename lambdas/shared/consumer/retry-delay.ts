import { RetryableError } from './errors.ts';

/** delay = min(min × failures, max), RabbitMQ's delayed retry (rule 4.8.9). */
export interface RetrySeconds {
  readonly min: number;
  readonly max: number;
  /**
   * If there is one, a failure that was counted takes its step instead, the last one for all later ones. What keeps a message back besides has
   * nothing to do with it: steps may be hours long.
   */
  readonly schedule?: readonly number[] | undefined;
}

export interface Counted {
  /** Failures of the message; undefined when they are not known, or it is kept back by something else. */
  readonly failed: number | undefined;
  /** What the delay grows with where no step is taken. */
  readonly times: number;
}

/** Twelve hours (SQS API reference, ChangeMessageVisibility). */
const longestVisibilitySeconds = 43_200;

/** How long a message is hidden until its next try. */
export function retryDelaySeconds(
  error: unknown,
  { failed = 0, times }: Counted,
  { min, max, schedule = [] }: RetrySeconds,
): number {
  const asked = error instanceof RetryableError ? error : undefined;
  const step = schedule[Math.min(failed, schedule.length) - 1];
  const seconds = asked?.delaySeconds ?? step ?? Math.min(min * times, max);
  return Math.min(Math.max(seconds, asked?.atLeastSeconds ?? 0), longestVisibilitySeconds);
}
