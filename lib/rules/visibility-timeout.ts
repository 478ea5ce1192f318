import type { Consumption } from './app-model.ts';
import { knownNumber } from './properties.ts';
import { defineRule } from './rule.ts';

/**
 * The visibility timeout covers six attempts of the function, each after its batching window; otherwise a message that is still being
 * worked on is delivered again. Six times the function timeout is AWS's advice:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html; the window, from the Knowledge Center:
 * https://repost.aws/knowledge-center/lambda-function-process-sqs-messages
 */
export const visibilityTimeout = defineRule({
  id: 'Warren-VisibilityTimeout',
  subjects: (app) => app.consumptions,
  path: ({ queue }) => queue.path,
  refusals: [
    {
      condition: (consumption) => visibilityOf(consumption) < neededFor(consumption),
      problem: (consumption) =>
        `the visibility timeout is ${visibilityOf(consumption)} s, but ${consumption.fn.path} ` +
        `(timeout ${timeoutOf(consumption)} s, batching window ${windowOf(consumption)} s) ` +
        `needs 6 × (timeout + window) = ${neededFor(consumption)} s`,
      fix: (consumption) =>
        `set VisibilityTimeout to at least ${neededFor(consumption)} s, or shorten the function's timeout`,
    },
  ],
});

const neededFor = (consumption: Consumption) => 6 * (timeoutOf(consumption) + windowOf(consumption));
const visibilityOf = ({ queue }: Consumption) => knownNumber(queue, 'VisibilityTimeout', 30);
const timeoutOf = ({ fn }: Consumption) => knownNumber(fn, 'Timeout', 3);
const windowOf = ({ mapping }: Consumption) => knownNumber(mapping, 'MaximumBatchingWindowInSeconds', 0);
