import type { Check } from '../contracts/check.ts';

/** Back end → title of a promise → what it does otherwise than AWS. Such a promise must fail there: a difference that is gone is told. */
export const knownDifferences: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ministack: {
    'are stored beside one that SQS refuses: it names that one among the failed':
      'it takes a delay of over 900 seconds, and refuses no entry by itself',
  },
};

/** States a contract's promises on a back end; where it differs, the title says how. */
export function checkOn(backEnd: string): Check {
  const differences = knownDifferences[backEnd] ?? {};
  return (title, promise) => {
    const difference = differences[title];
    if (difference === undefined) it(title, promise);
    else it.failing(`${title} (not on ${backEnd}: ${difference})`, promise);
  };
}
