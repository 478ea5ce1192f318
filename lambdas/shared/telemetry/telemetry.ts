import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One event name a line, ids as fields. Never a body, a header, a secret or personal data. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, error: unknown, fields?: LogFields): void;
  /** The same log with fields on every line, for one record: parallel records never share fields. */
  with(fields: LogFields): Log;
}

export interface Meter {
  /** Adds one to a counter. Dimensions are bounded sets (queue, outcome), never ids. */
  count(metric: string, dimensions?: Readonly<Record<string, string>>): void;
  /** One value of what is measured, in seconds. */
  measure(metric: string, seconds: number): void;
}

/** Powertools on stdout: JSON lines and CloudWatch EMF, no API calls. Service and namespace come from the environment. */
export function createTelemetry(): { log: Log; meter: Meter } {
  const metrics = new Metrics();
  return {
    log: toLog(new Logger()),
    meter: {
      count(metric, dimensions = {}) {
        const single = metrics.singleMetric();
        single.addDimensions(dimensions);
        single.addMetric(metric, MetricUnit.Count, 1);
      },
      measure(metric, seconds) {
        metrics.singleMetric().addMetric(metric, MetricUnit.Seconds, seconds);
      },
    },
  };
}

function toLog(logger: Logger): Log {
  return {
    info: (event, fields = {}) => logger.info(event, { ...fields }),
    warn: (event, fields = {}) => logger.warn(event, { ...fields }),
    error: (event, error, fields = {}) => logger.error(event, { ...fields, ...describe(error) }),
    with: (fields) => toLog(logger.createChild({ persistentLogAttributes: { ...fields } })),
  };
}

/**
 * Name, reason and stack of ours; of a parser's error neither reason nor anything but positions, because it quotes the input.
 * `message` is Powertools' own key for the event's name.
 */
function describe(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const positions = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: error.name,
    reason: error instanceof SyntaxError ? undefined : error.message,
    stack: positions?.slice(0, 5).join('\n'),
  };
}
