import { InvalidArgumentError } from 'commander';

/**
 * Parses what has to be said, such as a reason or who acts: an empty one would be on record, and say nothing. `most`: characters; longer than that the
 * functions refuse it (`lambdas/shared/exceptions/replay-contract.ts`).
 */
export function givenText(most: number): (value: string) => string {
  return (value) => {
    const text = value.trim();
    if (text === '') throw new InvalidArgumentError('It is empty.');
    if (text.length <= most) return text;
    throw new InvalidArgumentError(`At most ${most} characters.`);
  };
}

/** Of every act: why. */
export const parseReason = givenText(1000);
/** Of every act: who acts. */
export const parseWho = givenText(200);
