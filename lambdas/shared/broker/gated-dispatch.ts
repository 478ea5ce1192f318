import type { Copy } from '../../../rabbitmq/dead-lettering/after-delays.ts';
import type { Queue } from '../../../rabbitmq/topology.ts';
import type { Dispatch, Published } from './dispatch.ts';
import type { Outgoing } from './outgoing.ts';
import { isGated, type OverflowGate } from './overflow-gate.ts';

export interface GatedDispatchDeps {
  readonly gate: OverflowGate;
  readonly dispatch: Dispatch;
  /** Of letters, which are not placed yet. */
  readonly dispatchLetters: Dispatch;
  /** The letters a full queue makes of a copy (`maxlen`), as many as lead anywhere; `undefined` without a dead-letter exchange. */
  readonly lettersOf: (copy: Copy) => readonly Outgoing[] | undefined;
}

/**
 * Sends what publishers publish: a queue that is full refuses it, which makes a nack (rules 4.5.20, 4.5.21), and dead-letters it if it is
 * told to. Letters are let in everywhere: nobody would hear of a queue that refused one, and it would be lost.
 */
export function createGatedDispatch({ gate, dispatch, dispatchLetters, lettersOf }: GatedDispatchDeps): Dispatch {
  return async (outgoing, deadline) => {
    const copies = outgoing.flat().flatMap((one) => ('copy' in one && isGated(one.copy) ? [one.copy] : []));
    if (copies.length === 0) return dispatch(outgoing, deadline);
    const admissions = await gate(copies, deadline);
    const fates = await deadLetter(
      copies.filter((_, at) => admissions[at] === 'dead-letter'),
      deadline,
    );
    const refusals = new Map(
      copies
        .filter((_, at) => admissions[at] !== 'store')
        .map((copy) => [copy, refusalOf(copy.queue, fates.get(copy))]),
    );
    const left = outgoing.map((some) => some.map((one) => refused(one, refusals) ?? one));
    return dispatch(left, deadline);
  };

  /** What became of each letter. */
  async function deadLetter(copies: readonly Copy[], deadline?: AbortSignal): Promise<Map<Copy, Fate>> {
    const letters = copies.flatMap((copy) => {
      const some = lettersOf(copy);
      return some ? [{ copy, some }] : [];
    });
    const published =
      letters.length === 0
        ? []
        : await dispatchLetters(
            letters.map(({ some }) => some),
            deadline,
          );
    return new Map(letters.map(({ copy }, at) => [copy, fateOf(published[at])]));
  }
}

interface Refusal {
  readonly refused: string;
  readonly deadLettered?: true;
}

function refused(one: Outgoing, refusals: ReadonlyMap<Copy, Refusal>): Outgoing | undefined {
  const refusal = 'copy' in one ? refusals.get(one.copy) : undefined;
  return refusal && { queues: one.queues, ...refusal };
}

function refusalOf({ maxLength, maxLengthBytes }: Queue, fate: Fate | undefined): Refusal {
  const limits = [
    ...(maxLength === undefined ? [] : [`x-max-length ${maxLength}`]),
    ...(maxLengthBytes === undefined ? [] : [`x-max-length-bytes ${maxLengthBytes}`]),
  ];
  const reason = `it is full (${limits.join(', ')})${fate === undefined ? '' : `; ${fate.said}`}`;
  return { refused: reason, ...(fate?.isStored && { deadLettered: true }) };
}

/** Of a letter. */
interface Fate {
  readonly said: string;
  readonly isStored: boolean;
}

function fateOf(published: Published | undefined): Fate {
  if (published?.confirm !== 'ack') return { said: 'its letter may not be stored', isStored: false };
  const names = published.queues.map(({ queue }) => queue);
  return names.length === 0
    ? { said: 'no queue takes its letter', isStored: false }
    : { said: `dead-lettered as maxlen to ${names.join(', ')}`, isStored: true };
}
