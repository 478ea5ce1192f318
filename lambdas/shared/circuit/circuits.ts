import { z } from 'zod';

const rowSchema = z.object({
  /** ARN of the SQS queue whose messages are not taken. */
  source: z.string(),
  /** RabbitMQ's name of it. */
  queue: z.string(),
  /** By its folder in `lambdas/`. */
  consumer: z.string(),
  /** Of the function that consumes it, in AWS. */
  function_name: z.string(),
  /** Class of the error that opened it. */
  error_name: z.string(),
  /** ISO 8601, as the next. */
  opened_at: z.string(),
  /** Not to be probed before. */
  probe_at: z.string(),
  /** That have failed. */
  probes: z.number(),
  /** When the breaker went to stop the consumer. Absent: it has not, and whoever has, it is not the breaker's to resume. */
  stopped_at: z.string().optional(),
});

/** A consumer whose circuit is open: what it needs is down, and it takes no messages. */
export type CircuitRow = Readonly<z.infer<typeof rowSchema>>;

export const circuitRow = (item: unknown): CircuitRow => rowSchema.parse(item);

/** The open circuits of a stage; one that has no row is closed. */
export interface Circuits {
  get(source: string): Promise<CircuitRow | undefined>;
  all(): AsyncIterable<CircuitRow>;
  /** Nothing is changed when it is open already. */
  open(row: CircuitRow): Promise<void>;
  /** The breaker is about to stop the consumer. False, and nothing is changed, when it was closed or opened anew meanwhile. */
  stop(row: CircuitRow, at: Date): Promise<boolean>;
  /** When it is probed next. False, and nothing is changed, when it is not as it was read any more: closed, opened anew, or put off by another. */
  putOff(row: CircuitRow, next: Pick<CircuitRow, 'probe_at' | 'probes'>): Promise<boolean>;
  /** Closed already, it stays so. */
  close(source: string): Promise<void>;
}
