import type { Decide } from '../misbehaviour/decide.ts';
import { type CallbackMisbehaviour, callbackMisbehaviours } from '../misbehaviour/misbehaviour.ts';
import { createPlans } from '../misbehaviour/planned.ts';
import { sealNotification, type Told } from '../seal.ts';
import type { Callback } from './callback.ts';
import { createRefundGate } from './refund-gate.ts';
import { type TellDeps, tell } from './tell.ts';

export interface PostOfficeDeps extends TellDeps {
  readonly apiV3Key: string;
  readonly decide: Decide;
}

export type About = Pick<Callback, 'out_trade_no' | 'out_refund_no' | 'notify_url'>;

/** Takes what the merchant is to be told, and tells it as badly as is planned or chance decides. */
export function createPostOffice(deps: PostOfficeDeps) {
  const callbacks: Callback[] = [];
  const plans = createPlans<readonly CallbackMisbehaviour[]>();
  const gate = createRefundGate();

  /** By its number and how often that was told: never by what else is under way. */
  function subjectOf({ out_trade_no, out_refund_no }: About, { event_type, original_type }: Told): string {
    const before = callbacks.filter(
      (callback) =>
        callback.out_trade_no === out_trade_no &&
        callback.out_refund_no === out_refund_no &&
        callback.event_type === event_type &&
        callback.original_type === original_type,
    );
    return [event_type, original_type, out_trade_no, out_refund_no, before.length + 1].join(' ');
  }

  function send(about: About, told: Told): Callback {
    const subject = subjectOf(about, told);
    const misbehaviours = [
      ...(plans.takeFor(subject) ?? callbackMisbehaviours.filter((each) => deps.decide(each, subject))),
    ];
    const callback: Callback = {
      id: callbacks.length + 1,
      ...about,
      event_type: told.event_type,
      original_type: told.original_type,
      misbehaviours,
      state: misbehaviours.includes('silence') ? 'silent' : 'pending',
      tries: [],
    };
    callbacks.push(callback);
    if (callback.state === 'pending') {
      const body = sealNotification(told, deps.apiV3Key, deps.time.now());
      tell({ callback, body, subject }, gate, deps).catch(ignoreTheEnd);
    }
    return callback;
  }

  return {
    send,
    all: (): readonly Callback[] => callbacks,
    pending: (): number => callbacks.filter(({ state }) => state === 'pending').length,
    /** The next callbacks about this number misbehave so, and not otherwise. */
    plan: (about: string, next: readonly (readonly CallbackMisbehaviour[])[]): void => plans.add(about, next),
  };
}

/** Sleeps end with the server. */
function ignoreTheEnd(error: unknown): void {
  if (Object(error).name !== 'AbortError') throw error;
}
