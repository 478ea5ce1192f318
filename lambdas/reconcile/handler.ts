import type { Context } from 'aws-lambda';
import { isUnavailable } from '../shared/consumer/unavailable.ts';
import { deadlineOf } from '../shared/deadline.ts';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';
import { type CheckKeys, type KeysRight, namedCheck } from './check-keys.ts';
import { type Due, type DueItem, type Waits, waitsFrom } from './due.ts';
import { type ReconcileOrderDeps, reconcileOrder } from './reconcile-order.ts';
import { type ReconcileRefundDeps, reconcileRefund } from './reconcile-refund.ts';

export interface HandlerDeps extends ReconcileOrderDeps, ReconcileRefundDeps {
  readonly api: ReconcileOrderDeps['api'] & ReconcileRefundDeps['api'];
  readonly tell: ReconcileOrderDeps['tell'] & ReconcileRefundDeps['tell'];
  readonly orders: Due;
  readonly openRefunds: Due;
  readonly waits: Waits;
  readonly requestsPerSecond: number;
  readonly checkKeys: CheckKeys;
  /** Throws when a secret is not what it should be: on-call is to hear of that before something waits for an answer. */
  readonly readSecrets: () => Promise<unknown>;
  /** MUST end at the deadline. */
  readonly sleep: (milliseconds: number, deadline: AbortSignal) => Promise<void>;
  readonly log: Log;
  readonly meter: Meter;
}

/** What one run did. */
export interface Reconciled {
  readonly asked: number;
  readonly found: number;
  readonly failed: number;
  /** WeChat Pay did not answer, or the time was over: the next run goes on. */
  readonly isCutShort: boolean;
}

/** WeChat Pay was not there, or nothing that was asked came to an end. What was done is done; the alarm counts runs like this one. */
export class NothingReconciledError extends Error {
  override readonly name = 'NothingReconciledError';

  constructor({ asked, found, failed }: Reconciled) {
    super(`WeChat Pay did not answer, or nothing could be done: ${asked} asked, ${found} found, ${failed} failed`);
  }
}

/** One or two requests each; the next begins after that. */
const requestsPerItem = 2;

/**
 * Once a minute, asks WeChat Pay about orders and refunds whose notification is late. One's trouble is not another's, unless WeChat Pay does not
 * answer at all: then the run ends. An event that names a check is somebody's who wants to know: that is done, and nothing else.
 */
export function createHandler(deps: HandlerDeps) {
  return async (
    event: unknown,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<Reconciled | KeysRight> => {
    const deadline = deadlineOf(context);
    return namedCheck(event) === 'keys' ? deps.checkKeys(deadline) : reconcile(deadline);
  };

  async function reconcile(deadline: AbortSignal): Promise<Reconciled> {
    await deps.readSecrets();
    const outcomes: string[] = [];
    // Refunds are few: behind all orders that wait they would never have their turn.
    await goThrough(deps.openRefunds, deadline, outcomes, (item) =>
      outcomeOf('refund', item, deadline, reconcileRefund),
    );
    await goThrough(deps.orders, deadline, outcomes, (item) => outcomeOf('order', item, deadline, reconcileOrder));
    const count = (outcome: string): number => outcomes.filter((one) => one === outcome).length;
    const reconciled = {
      asked: outcomes.length,
      found: count('found'),
      failed: count('failed'),
      isCutShort: isOver(outcomes, deadline),
    };
    if (count('unavailable') > 0 || (reconciled.failed > 0 && reconciled.failed === reconciled.asked)) {
      throw new NothingReconciledError(reconciled);
    }
    return reconciled;
  }

  async function goThrough(
    due: Due,
    deadline: AbortSignal,
    outcomes: string[],
    work: (item: DueItem) => Promise<string>,
  ): Promise<void> {
    if (isOver(outcomes, deadline)) return;
    for (const item of await due.list(new Date(deps.now().getTime() - deps.waits.firstMs))) {
      if (isOver(outcomes, deadline)) return;
      if (!(await due.claim(item, waitsFrom(deps.now(), item.asked, deps.waits)))) continue;
      outcomes.push(await work(item));
      await deps.sleep((1_000 * requestsPerItem) / deps.requestsPerSecond, deadline);
    }
  }

  async function outcomeOf(
    what: 'order' | 'refund',
    item: DueItem,
    deadline: AbortSignal,
    work: (item: DueItem, deps: HandlerDeps, deadline: AbortSignal) => Promise<string>,
  ): Promise<string> {
    const outcome = await work(item, deps, deadline).catch((error: unknown) => {
      deps.log.error('not reconciled', error, { what, ...idsOf(item) });
      return isUnavailable(error) ? 'unavailable' : 'failed';
    });
    deps.meter.count('Reconciled', { what, outcome });
    deps.log.info('reconciled', { what, outcome, ...idsOf(item) });
    return outcome;
  }
}

/** WeChat Pay does not answer, or the time is over. */
function isOver(outcomes: readonly string[], deadline: AbortSignal): boolean {
  return deadline.aborted || outcomes.includes('unavailable');
}

function idsOf({ item: { out_trade_no, out_refund_no } }: DueItem) {
  return {
    out_trade_no: String(out_trade_no),
    ...(out_refund_no !== undefined && { out_refund_no: String(out_refund_no) }),
  };
}
