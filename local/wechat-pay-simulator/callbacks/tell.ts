import { type Answer, deliver, isAccepted, type Post } from '../deliver.ts';
import type { SigningKey } from '../merchant-keys.ts';
import type { Time } from '../time.ts';
import { answerInTime } from './answer-in-time.ts';
import type { Callback, TryKind } from './callback.ts';
import type { RefundGate } from './refund-gate.ts';
import { asTry } from './spoil.ts';

export interface TellDeps {
  readonly time: Time;
  /** On the scaled clock. */
  readonly sleepSeconds: (seconds: number) => Promise<void>;
  readonly lateSeconds: () => number;
  readonly postTo: (notify_url: string) => Post;
  /** Bounds what is under way at the merchant: more of it would only be slower, and be told again. */
  readonly inTurn: <Result>(told: () => Promise<Result>) => Promise<Result>;
  /** The one of the two keys for what is decided by `subject`. */
  readonly keyFor: (subject: string) => SigningKey;
}

/** A callback under way. */
export interface Letter {
  readonly callback: Callback;
  readonly body: string;
  /** What chance decides by. */
  readonly subject: string;
}

const attacks = ['forged', 'stale', 'unknownKey'] as const;

/** Tells the merchant, with the callback's misbehaviours, and notes every try in it. */
export async function tell(letter: Letter, gate: RefundGate, deps: TellDeps): Promise<void> {
  const { callback } = letter;
  const { misbehaviours, out_trade_no = '' } = callback;
  await waitFor(callback, gate, deps);
  for (const attack of attacks) {
    if (misbehaviours.includes(attack)) await attempt(letter, attack, 0, deps);
  }
  const copies = misbehaviours.includes('duplicate') ? [1, 2] : [1];
  const answers = await Promise.all(
    copies.map((copy) =>
      deliver((number) => attempt(letter, kindOf(callback, copy, number), number, deps), deps.sleepSeconds),
    ),
  );
  callback.state = answers.every((all) => all.some(isAccepted)) ? 'delivered' : 'given-up';
  if (callback.original_type === 'refund') gate.open(out_trade_no);
}

async function waitFor(
  { misbehaviours, original_type, out_trade_no = '' }: Callback,
  gate: RefundGate,
  deps: TellDeps,
) {
  if (misbehaviours.includes('reorder') && original_type === 'transaction') {
    // Without a refund it is just late.
    await Promise.race([gate.untilOpen(out_trade_no), deps.sleepSeconds(deps.lateSeconds())]);
  }
  if (misbehaviours.includes('late')) await deps.sleepSeconds(deps.lateSeconds());
}

function kindOf({ misbehaviours }: Callback, copy: number, number: number): TryKind {
  return misbehaviours.includes('probe') && copy === 1 && number === 1 ? 'probe' : 'signed';
}

/** When its turn has come. It is over when the merchant has ended, though nobody may wait for the answer any more. */
function attempt(letter: Letter, kind: TryKind, number: number, deps: TellDeps): Promise<Answer> {
  return new Promise((resolve, reject) => {
    deps
      .inTurn(async () => {
        const now = deps.time.now();
        const signed = asTry(kind, letter.body, { key: deps.keyFor(`${letter.subject} ${number}`), now });
        const posted = deps.postTo(letter.callback.notify_url)(signed);
        const answer = await answerInTime(posted, deps.time);
        const serial = signed.headers['wechatpay-serial'] ?? '';
        letter.callback.tries.push({ at: now.toISOString(), kind, attempt: number, serial, ...answer });
        // A merchant that takes a probe has not been told yet.
        resolve(kind === 'signed' ? answer : { ...answer, status: 0 });
        await posted.catch(() => {});
      })
      .catch(reject);
  });
}
