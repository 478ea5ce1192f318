import type { MessageReport } from '../broker/report.ts';
import { OutcomeUnknownError } from './errors.ts';

/** What a publisher is told of a message. */
export interface Outcome {
  /** Null for an ack. */
  readonly failure: Error | null;
  readonly isUnroutable: boolean;
}

export function outcomeOf({ confirm, queues }: MessageReport): Outcome {
  if (confirm === 'ack') return { failure: null, isUnroutable: queues.length === 0 };
  return confirm === 'nack' ? { failure: new Error('message nacked'), isUnroutable: false } : nobodySaid();
}

export function nobodySaid(options?: ErrorOptions): Outcome {
  return { failure: new OutcomeUnknownError(options), isUnroutable: false };
}
