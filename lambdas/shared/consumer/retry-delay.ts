import { causesOf, RetryableError } from './errors.ts';

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

/** How long a message is hidden until its next try: what asks for a time may be what the error was made of. */
export function retryDelaySeconds(
  error: unknown,
  { failed = 0, times }: Counted,
  { min, max, schedule = [] }: RetrySeconds,
): number {
  const asking = causesOf(error).filter((one) => one instanceof RetryableError);
  const asked = asking.find(({ delaySeconds }) => delaySeconds !== undefined);
  const step = schedule[Math.min(failed, schedule.length) - 1];
  const seconds = asked?.delaySeconds ?? step ?? Math.min(min * times, max);
  const atLeast = asking.map(({ atLeastSeconds }) => atLeastSeconds);
  return Math.min(Math.max(seconds, ...atLeast), longestVisibilitySeconds);
}
