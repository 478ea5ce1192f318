import { type DeskAnswers, type DeskRequest, deskRequestSchema } from '../shared/refunds/desk-contract.ts';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';
import { type LookDeps, list, look } from './look.ts';
import { type RequestDeps, request } from './request.ts';
import { type WithdrawDeps, withdraw } from './withdraw.ts';

export interface HandlerDeps extends RequestDeps, WithdrawDeps, Pick<LookDeps, 'openRefunds'> {
  readonly log: Log;
  readonly meter: Meter;
}

/** The request is none of the desk's: nothing was done. */
export class DeskRequestError extends Error {
  override readonly name = 'DeskRequestError';
}

/**
 * Shows, requests and withdraws refunds for an operator. Throws a `DeskRequestError`, and what WeChat Pay's API throws when it cannot say whether it
 * knows a refund.
 */
export function createHandler(deps: HandlerDeps) {
  return async (event: unknown): Promise<DeskAnswers[DeskRequest['act']]> => {
    const asked = parse(event);
    const answer = await answerTo(asked, deps);
    const outcome = 'outcome' in answer ? answer.outcome : 'listed';
    deps.meter.count('RefundDesk', { act: asked.act, outcome });
    deps.log.info('refund desk', { act: asked.act, outcome, ...numbersOf(asked) });
    return answer;
  };
}

function parse(event: unknown): DeskRequest {
  const { success, data, error } = deskRequestSchema.safeParse(event);
  if (success) return data;
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'the request'}: ${message}`);
  throw new DeskRequestError(problems.join('; '));
}

function answerTo(asked: DeskRequest, deps: HandlerDeps): Promise<DeskAnswers[DeskRequest['act']]> {
  switch (asked.act) {
    case 'look':
      return look(asked, deps);
    case 'list':
      return list(asked, deps);
    case 'request':
      return request(asked, deps);
    case 'withdraw':
      return withdraw(asked, deps);
    default:
      throw new Error(`no rule for ${asked satisfies never}`);
  }
}

function numbersOf(asked: DeskRequest) {
  return {
    ...('out_trade_no' in asked && { out_trade_no: asked.out_trade_no }),
    ...('out_refund_no' in asked && { out_refund_no: asked.out_refund_no }),
  };
}
