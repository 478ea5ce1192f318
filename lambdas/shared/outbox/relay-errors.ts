import type { QueueOutcome } from '../broker/report.ts';

/** The row is nothing this version could send. Names fields, never values. */
export class UnreadableRowError extends Error {
  override readonly name = 'UnreadableRowError';

  constructor(problems: readonly string[]) {
    super(`it is no outbox row: ${problems.join(', ')}`);
  }
}

/** No queue is bound for the message. RabbitMQ would drop it. */
export class UnroutableRowError extends Error {
  override readonly name = 'UnroutableRowError';

  constructor(exchange: string, routingKey: string) {
    super(`no queue is bound to exchange '${exchange}' for routing key '${routingKey}'`);
  }
}

/** Queues refuse the message again and again; others may have it. */
export class RefusedRowError extends Error {
  override readonly name = 'RefusedRowError';

  constructor(outcomes: readonly QueueOutcome[]) {
    const refused = outcomes.flatMap((one) => (one.outcome === 'refused' ? [`${one.queue}: ${one.reason}`] : []));
    super(`it is refused by ${refused.join('; ')}`);
  }
}
