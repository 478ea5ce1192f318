import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { CircuitRow, Circuits } from '../circuit/circuits.ts';
import type { Log } from '../telemetry/telemetry.ts';
import type { Attempt } from './attempt.ts';
import { asError } from './errors.ts';
import { isUnavailable } from './unavailable.ts';

/** One message of an open circuit's queue, to see whether what was down is back. */
export interface ProbeEvent extends SQSEvent {
  readonly probe?: boolean;
}

/** `untried`: the message never came to the handler, and says nothing. */
export type ProbeResult = 'handled' | 'unavailable' | 'untried';

export interface ProbeAnswer extends SQSBatchResponse {
  readonly probe?: ProbeResult;
}

export interface CircuitDeps {
  readonly circuits: Pick<Circuits, 'get' | 'open'>;
  /** RabbitMQ's name of the queue. */
  readonly queue: string;
  /** By its folder in `lambdas/`. */
  readonly consumer: string;
  /** So many messages fail because something is down, and none is handled in between; another failure changes nothing. 0: no circuit is ever opened. */
  readonly opensAfter: number;
  readonly firstProbeSeconds: number;
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * One function process's part of a consumer's circuit breaker: it sees that what the handler needs is down for everybody, opens the circuit, and
 * from then on lets no message come to the handler. The function `circuit-breaker` does the rest. As long as all is well it costs one read at
 * the start of the process.
 */
export interface Circuit {
  startInvocation(event: ProbeEvent, context: Pick<Context, 'functionName'>): Promise<void>;
  /** No message is to be handled. */
  isOpen(): boolean;
  succeeded(): void;
  /**
   * Opens the circuit when it is time; messages that failed together, in one call of a handler, count as one. True when a probe has found it
   * down: the message is to go back, for that is no failure of its own.
   */
  failed(attempt: Attempt, error: unknown, options?: { readonly isCounted?: boolean }): Promise<boolean>;
  /** With what a probe has found, if this is one. */
  answer(answer: SQSBatchResponse): ProbeAnswer;
}

export function createCircuit(deps: CircuitDeps): Circuit {
  const { circuits, queue, consumer, opensAfter, now, log } = deps;
  let state: 'unknown' | 'closed' | 'open' = opensAfter === 0 ? 'closed' : 'unknown';
  /** Event ids of those that failed since one was handled: one message that fails again and again is its own fault. */
  let failing = new Set<string>();
  let probe: ProbeResult | undefined;
  let where = { source: '', function_name: '' };

  /** A breaker that cannot be asked must not stop what works. */
  async function read(): Promise<'open' | 'closed'> {
    try {
      return (await circuits.get(where.source)) ? 'open' : 'closed';
    } catch (error) {
      log.error('circuit not read', error);
      return 'closed';
    }
  }

  async function open(error: Error): Promise<void> {
    const at = now();
    const row: CircuitRow = {
      ...where,
      queue,
      consumer,
      error_name: error.name,
      opened_at: at.toISOString(),
      probe_at: new Date(at.getTime() + deps.firstProbeSeconds * 1000).toISOString(),
      probes: 0,
    };
    try {
      await circuits.open(row);
      state = 'open';
      log.error('circuit opened', error, { queue, failing: failing.size });
    } catch (cause) {
      log.error('circuit not opened', cause);
    }
  }

  return {
    async startInvocation({ Records, probe: isProbe }, { functionName }) {
      probe = isProbe === true ? 'untried' : undefined;
      where = { source: Records[0]?.eventSourceARN ?? '', function_name: functionName };
      if (opensAfter === 0 || (state === 'closed' && failing.size === 0)) return;
      const before = state;
      state = await read();
      if (before === 'open' && state === 'closed') failing = new Set();
    },
    isOpen: () => state === 'open' && probe === undefined,
    succeeded() {
      failing = new Set();
      if (probe) probe = 'handled';
    },
    async failed(attempt, error, { isCounted = false } = {}) {
      const isDown = isUnavailable(error);
      if (probe) {
        if (isDown) probe = 'unavailable';
        else if (attempt.hasFailed) probe = 'handled';
        return isDown && !attempt.hasLeft;
      }
      if (!isDown || isCounted || state === 'open' || opensAfter === 0) return false;
      failing.add(attempt.message?.properties.message_id ?? attempt.record.messageId);
      if (failing.size >= opensAfter) await open(asError(error));
      return false;
    },
    answer: (answer) => (probe ? { ...answer, probe } : answer),
  };
}
