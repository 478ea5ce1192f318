import { mostParked, type ParkRequest } from '../../../lambdas/shared/exceptions/park-contract.ts';
import { type DeployedQueue, type Depth, type OperatorRun, ParkNotAnsweredError } from '../backlog/stage.ts';
import type { Interrupts } from '../publish/options.ts';
import { createPace, unlimited } from '../publish/pace.ts';

export interface ParkRun extends OperatorRun {
  readonly queue: DeployedQueue;
  /** But for how many messages each is about. */
  readonly request: Omit<ParkRequest, 'most'>;
  /** Frozen when the operator agreed. Undefined: until the queue is empty. */
  readonly most: number | undefined;
  /** Messages a second. Default: as fast as it goes. */
  readonly rate?: number | undefined;
  /** How long it waits for what is in flight to come back. */
  readonly settleSeconds: number;
  readonly interrupts: Interrupts;
  readonly show: (parked: number) => void;
}

export interface ParkResult {
  readonly parked: number;
  readonly notStored: number;
  /** What is in the queue now. */
  readonly left: Depth;
  /** Why it ended before its time. */
  readonly stopped: string | undefined;
}

/** SQS asks some of its servers and may find nothing where something is: one look that finds nothing proves nothing. */
const emptyLooks = 2;
const lookMs = 1_000;

/** Request by request, until it has as many as it was to park, or nothing comes any more. */
export async function parkMessages(run: ParkRun): Promise<ParkResult> {
  const { queue, request, most = Number.POSITIVE_INFINITY, rate, interrupts, stage, deps } = run;
  const pace = rate === undefined ? unlimited : createPace(rate, deps.now, deps.pause);
  let [parked, notStored, empty] = [0, 0, 0];
  let lastAt = deps.now();
  let stopped: string | undefined;
  while (parked < most && stopped === undefined && !(await isEmpty())) {
    const size = Math.min(mostParked, most - parked, rate ?? mostParked);
    await pace.before(size, interrupts.stop);
    stopped = interrupts.stop.aborted ? 'interrupted' : await ask(size);
    run.show(parked);
  }
  const left = await stage.queues.depth(queue);
  const hidden = left.inFlight + left.delayed;
  if (parked < (run.most ?? 0) && hidden > 0) stopped ??= `${hidden} cannot be received yet`;
  return { parked, notStored, left, stopped };

  async function ask(size: number): Promise<string | undefined> {
    try {
      const answer = await stage.park({ ...request, most: size }, interrupts.giveUp);
      parked += answer.parked;
      notStored += answer.not_stored;
      if (answer.parked > 0) lastAt = deps.now();
      empty = answer.parked > 0 ? 0 : empty + 1;
      return answer.not_stored > 0 ? 'some could not be stored, and are still in the queue' : undefined;
    } catch (error) {
      if (error instanceof ParkNotAnsweredError) return error.message;
      throw error;
    }
  }

  /** What is in flight comes back, as far as a run that was killed had it in hand: that takes half a minute. */
  async function isEmpty(): Promise<boolean> {
    if (empty < emptyLooks) return false;
    const { inFlight, delayed } = await stage.queues.depth(queue);
    if (inFlight + delayed === 0 || deps.now() - lastAt > run.settleSeconds * 1000) return true;
    await deps.pause(lookMs, interrupts.stop);
    return interrupts.stop.aborted;
  }
}
