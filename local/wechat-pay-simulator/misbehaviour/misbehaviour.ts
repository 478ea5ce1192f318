import { z } from 'zod';

/** How often, from never (0) to always (1). */
const share = z.number().min(0).max(1);

/** What may go wrong with a callback. */
export const callbackMisbehaviours = [
  /** Told twice at the same moment. */
  'duplicate',
  /** A payment that is told after its refund. */
  'reorder',
  /** Never told. */
  'silence',
  /** First with a deliberately wrong signature (签名探测). */
  'probe',
  /** A copy with another body comes first. */
  'forged',
  /** A copy signed ten minutes ago comes first. */
  'stale',
  /** A copy signed with a key that the merchant does not know comes first. */
  'unknownKey',
  /** Told only after `lateSeconds`. */
  'late',
] as const;
export type CallbackMisbehaviour = (typeof callbackMisbehaviours)[number];

export const misbehaviourSchema = z.strictObject({
  /** The same seed decides the same about the same order numbers, in whatever order they come. */
  seed: z.int(),
  duplicate: share,
  reorder: share,
  silence: share,
  probe: share,
  forged: share,
  stale: share,
  unknownKey: share,
  late: share,
  lateSeconds: z.number().positive(),
  /** Callbacks and answers that are signed with the key PUB_KEY_ID_…; the others are with the platform certificate's. */
  newKeyShare: share,
  /** Refunds that end so, and not with success. */
  refundAbnormal: share,
  refundClosed: share,
  /** Orders that are paid in the moment their merchant closes them. */
  paymentRacesClose: share,
  /** API requests that begin an outage in which all fail for `outageSeconds`. */
  outage: share,
  outageSeconds: z.number().positive(),
  rateLimited: share,
  systemError: share,
  /** Of refund requests. */
  notEnough: share,
  slow: share,
  /** Not scaled: it is our caller's patience that is tried. */
  slowMs: z.int().positive(),
  unsigned: share,
  wronglySigned: share,
  /** The work is done, and the connection closed without an answer. */
  droppedAfterWork: share,
});
export type Misbehaviour = z.infer<typeof misbehaviourSchema>;

export const wellBehaved: Misbehaviour = {
  seed: 0,
  duplicate: 0,
  reorder: 0,
  silence: 0,
  probe: 0,
  forged: 0,
  stale: 0,
  unknownKey: 0,
  late: 0,
  lateSeconds: 3600,
  newKeyShare: 1,
  refundAbnormal: 0,
  refundClosed: 0,
  paymentRacesClose: 0,
  outage: 0,
  outageSeconds: 30,
  rateLimited: 0,
  systemError: 0,
  notEnough: 0,
  slow: 0,
  slowMs: 2_000,
  unsigned: 0,
  wronglySigned: 0,
  droppedAfterWork: 0,
};

/** `newKeyShare` on the days 1 to 7 of a merchant's move to the key PUB_KEY_ID_, as WeChat Pay announces it. */
export const migrationShares = [0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1] as const;

/** All at once, each often enough that a hundred orders meet it. */
export function badDay(seed: number): Misbehaviour {
  return {
    ...wellBehaved,
    seed,
    duplicate: 0.3,
    reorder: 0.3,
    silence: 0.1,
    probe: 0.2,
    forged: 0.2,
    stale: 0.2,
    unknownKey: 0.2,
    late: 0.2,
    newKeyShare: 0.5,
    refundAbnormal: 0.1,
    refundClosed: 0.1,
    paymentRacesClose: 0.3,
    outage: 0.02,
    rateLimited: 0.05,
    systemError: 0.05,
    notEnough: 0.05,
    slow: 0.02,
    unsigned: 0.03,
    wronglySigned: 0.03,
    droppedAfterWork: 0.05,
  };
}
